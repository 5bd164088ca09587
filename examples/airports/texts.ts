import { WHO } from '../../cli/print/fault'
import { count } from '../../cli/print/number'
import { wrapped } from '../../cli/print/wrap'
import { errorEntry, isErrorCode } from '../../shared/contract/errors'
import type { FieldMapping } from '../../shared/core/mapping/definition'
import { isObject, textOf, type Value } from '../../shared/core/record/value'
import type { Workflow } from '../../shared/core/workflow'
import type { Told } from './gateway'
import type { Explained } from './inbox'
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

/** A few calls to the gateway, and what it answered. */
export function callsText(url: string, told: readonly Told[]): string {
  return [
    `The gateway listens at ${url}; with a key one can`,
    ...told.flatMap(({ request, status, says }) => [
      `  ${request.replace(/[0-9a-f]{32}/, '…')}`,
      `      -> ${String(status)}  ${says.length > 80 ? `${says.slice(0, 79)}…` : says}`,
    ]),
  ].join('\n')
}

/** Every group: how many, what the schema says of the field, one example, and what sets them apart; then who does what. */
export function exceptionsText(explained: readonly Explained[], workflow: Workflow): string {
  const codes = [...new Set(explained.map(({ group }) => group.code))].filter(isErrorCode)
  const all = explained.reduce((sum, { group }) => sum + group.count, 0)
  return [
    `${count(all)} airports were not sent. The others did not wait for them. The reasons:`,
    ...explained.flatMap((one) => groupLines(one, workflow)),
    '',
    'What to do:',
    ...codes.flatMap((code) =>
      errorEntry(code).steps.flatMap((step) => wrapped(`${WHO[step.who]}: ${step.do}`, '  ')),
    ),
  ].join('\n')
}

function groupLines({ group, example, rule }: Explained, { schema, map }: Workflow): string[] {
  const { message: what, pointer, place, record } = example.last
  const field = pointer?.slice(1) ?? ''
  const from = sourceOf(field, map?.[field])
  const { ident, name, [from]: value } = record
  const [message = '', ...rest] = wrapped(what, INDENT)
  return [
    '',
    `  ${count(group.count).padStart(3)}  ${message.trimStart()}`,
    ...rest,
    `${INDENT}means    ${descriptionOf(field, typeof schema === 'object' ? schema : {})}`,
    `${INDENT}example  ${place}, ${textOf(ident)} ${textOf(name)}`,
    `${INDENT}         ${from}: "${shortened(textOf(value), 60)}"`,
    ...(rule
      ? [`${INDENT}why      ${wrapped(rule.sentence, `${INDENT}         `).join('\n').trimStart()}`]
      : []),
  ]
}

const INDENT = ' '.repeat(7)

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
