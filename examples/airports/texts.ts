import { WHO } from '../../cli/print/fault'
import { count } from '../../cli/print/number'
import { errorEntry, isErrorCode } from '../../shared/contract/errors'
import type { FieldMapping } from '../../shared/core/mapping/definition'
import { isObject, textOf, type Value } from '../../shared/core/record/value'
import type { Failure } from '../../shared/core/exceptions/exception'
import type { Workflow } from '../../shared/core/workflow'
import { CALLS_PER_SECOND, type Log } from './registry-api'

/** What went wrong, by the registry's own log, and what Tieout did about it. */
export function troublesText({ tooFast, outages, lostAnswers, repeated }: Log): string {
  const troubles: (readonly [number: number, what: string, then: string])[] = [
    [
      tooFast,
      `refused, because there were more than ${CALLS_PER_SECOND} in a second`,
      'waited as long as the registry asked, then sent them again',
    ],
    [outages, 'answered with 503, because the registry was down', 'tried again a little later'],
    [
      lostAnswers,
      'cut off after the airports were written, before the answer',
      `asked again under the same key; the registry knew ${calls(repeated)} and wrote nothing twice`,
    ],
  ]
  return [
    'What went wrong on the way, by the log of the registry, and what Tieout did:',
    ...troubles
      .filter(([number]) => number > 0)
      .flatMap(([number, what, then]) => [`  ${calls(number)} ${what}`, `      -> ${then}`]),
  ].join('\n')
}

/** Every reason: how many records, what the schema says of the field, one example; then who does what. */
export function exceptionsText(exceptions: readonly Failure[], workflow: Workflow): string {
  const groups = byReason(exceptions).sort((one, other) => other.length - one.length)
  const codes = [...new Set(exceptions.map(({ code }) => code))].filter(isErrorCode)
  return [
    `${count(exceptions.length)} airports were not sent. The others did not wait for them. The reasons:`,
    ...groups.flatMap((group) => groupLines(group, workflow)),
    '',
    'What to do:',
    ...codes.flatMap((code) =>
      errorEntry(code).steps.flatMap((step) => wrapped(`${WHO[step.who]}: ${step.do}`, '  ')),
    ),
  ].join('\n')
}

function byReason(exceptions: readonly Failure[]): Failure[][] {
  const groups = new Map<string, Failure[]>()
  for (const exception of exceptions) {
    const group = groups.get(exception.message)
    if (group) group.push(exception)
    else groups.set(exception.message, [exception])
  }
  return [...groups.values()]
}

function groupLines(group: readonly Failure[], { schema, map }: Workflow): string[] {
  const [example] = group
  if (!example) return []
  const field = example.pointer?.slice(1) ?? ''
  const from = sourceOf(field, map?.[field])
  const { ident, name, [from]: value } = example.record
  const [message = '', ...rest] = wrapped(example.message, ' '.repeat(7))
  return [
    '',
    `  ${count(group.length).padStart(3)}  ${message.trimStart()}`,
    ...rest,
    `       means    ${descriptionOf(field, typeof schema === 'object' ? schema : {})}`,
    `       example  ${example.place}, ${textOf(ident)} ${textOf(name)}`,
    `                ${from}: "${shortened(textOf(value), 60)}"`,
  ]
}

/** Lines of at most 96 characters, as far as the words allow. */
function wrapped(text: string, indent: string): string[] {
  const lines: string[] = []
  let line = indent
  for (const word of text.split(' ')) {
    if (line !== indent && line.length + 1 + word.length > 96) {
      lines.push(line)
      line = indent
    }
    line += line === indent ? word : ` ${word}`
  }
  return [...lines, line]
}

function sourceOf(field: string, mapping: FieldMapping | undefined): string {
  return (typeof mapping === 'string' ? mapping : mapping?.from) ?? field
}

function descriptionOf(field: string, schema: Readonly<Record<string, Value>>): string {
  const fields = schema['properties']
  const member = isObject(fields) ? fields[field] : undefined
  return isObject(member) ? textOf(member['description']) : ''
}

function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)}…`
}

function calls(number: number): string {
  return `${number} ${number === 1 ? 'call' : 'calls'}`
}
