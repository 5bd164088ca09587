import type { ErrorCode } from '../../contract/errors'
import type { Exception, Failure } from '../exceptions/exception'
import type { ExceptionStore } from '../exceptions/store'
import { Hasher } from '../record/hash'
import { maskRecord } from '../record/mask'
import { textOf, type DataRecord, type Value } from '../record/value'
import type { Workflow } from '../workflow'
import type { Break, BreakKind, BreakLog } from './break'
import { shownAddress } from '../shown-address'

const CODES: Readonly<Record<BreakKind, ErrorCode>> = {
  'missing-in-source': 'BREAK_MISSING_IN_SOURCE',
  'missing-in-target': 'BREAK_MISSING_IN_TARGET',
  duplicate: 'BREAK_DUPLICATE',
  differs: 'BREAK_DIFFERS',
}

const PAGE = 500

/**
 * Open breaks become exceptions, or count as another time that theirs failed; exceptions whose break is gone are closed.
 * @returns how many breaks were raised and how many exceptions closed
 */
export async function raiseBreaks(
  log: BreakLog,
  { workflow, run, at, inbox }: { workflow: Workflow; run: string; at: number; inbox: ExceptionStore },
): Promise<{ raised: number; closed: number }> {
  const before = await raisedBefore(inbox, workflow.name)
  const hasher = new Hasher()
  let raised = 0
  for await (const page of log.read()) {
    const failures = page.flatMap((one) => {
      before.delete(one.key)
      return one.state === 'open' ? [failureOf(one, workflow, run, at, hasher)] : []
    })
    if (failures.length > 0) await inbox.raise(failures, workflow.exceptions.dueMs)
    raised += failures.length
  }
  const settled = [...before].map((subject) => ({
    subject,
    how: 'agrees' as const,
    evidence: `both sides agree (run ${run})`,
  }))
  if (settled.length > 0) await inbox.settle(workflow.name, settled, { who: `run ${run}`, at, run })
  return { raised, closed: settled.length }
}

/** Keys of the open exceptions that breaks raised. */
async function raisedBefore(inbox: ExceptionStore, workflow: string): Promise<Set<string>> {
  const subjects = new Set<string>()
  for (let page: Exception[] = [], before: number | undefined; ; before = page.at(-1)?.id) {
    page = await inbox.exceptions(
      { workflow, state: 'open' },
      { limit: PAGE, ...(before === undefined ? {} : { before }) },
    )
    for (const { subject, last } of page) if (last.stage === 'reconcile') subjects.add(subject)
    if (page.length < PAGE) return subjects
  }
}

/** Source records are known here only as they were mapped. */
function failureOf(
  one: Break,
  { name, personal, source, target }: Workflow,
  run: string,
  at: number,
  hasher: Hasher,
): Failure {
  const record = one.source ?? {}
  const open = one.hash === undefined ? personal : []
  const shown = (value: DataRecord): DataRecord => maskRecord(value, open)
  const words = inWords(one, { source: source.connection, target: target.connection }, open)
  const [field] = one.fields
  return {
    run,
    workflow: name,
    row: 0,
    place: shownAddress(one.source ? source.stream : target.stream),
    key: one.key,
    outcome: 'break',
    stage: 'reconcile',
    code: CODES[one.kind],
    message: words,
    ...(field ? { pointer: `/${field.field}` } : {}),
    record: shown(record),
    ...(one.source ? { sent: shown(one.source) } : {}),
    ...(one.target ? { target: shown(one.target) } : {}),
    ...(one.otherKey ? { otherKey: one.otherKey } : {}),
    hash: one.hash ?? hasher.record(record).hex(),
    at,
  }
}

function inWords(
  { kind, fields, records }: Break,
  names: { source: string; target: string },
  personal: readonly string[],
): string {
  const { source, target } = records ?? { source: 1, target: 1 }
  switch (kind) {
    case 'missing-in-target':
      return `${names.target} does not have it.`
    case 'missing-in-source':
      return `${names.source} does not have it.`
    case 'duplicate':
      return `${names.source} has it ${times(source)}, ${names.target} ${times(target)}.`
    case 'differs':
      return fields
        .map(({ field, ...both }) => {
          const [one, two] = [both.source, both.target].map((value) => valueWords(field, value, personal))
          return `${field} is ${one ?? ''} in ${names.source} and ${two ?? ''} in ${names.target}`
        })
        .join('; ')
  }
}

function times(count: number): string {
  return count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`
}

function valueWords(field: string, value: Value | undefined, personal: readonly string[]): string {
  if (value === undefined) return 'absent'
  const shown = maskRecord({ [field]: value }, personal)[field] ?? null
  return shown === null ? 'null' : typeof shown === 'string' ? `"${shown}"` : textOf(shown)
}
