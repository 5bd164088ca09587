import { shownAddress } from '../shown-address'
import type { SkipReason, Target, Traffic } from '../connector'
import type { FaultNote } from '../fault'
import { canonicalText } from '../record/canonical'
import { Checksum } from '../record/checksum'
import { Hasher } from '../record/hash'
import type { LedgerCounts } from '../record/ledger'
import { isObject, type Value } from '../record/value'
import type { LateSummary, SavedCursor } from './cursor'
import type { Tripped } from './guards'
import { OUTCOMES, type Outcome, type Sum, type Tally, type TallySnapshot } from './outcome'

export type RunStatus = 'running' | 'interrupted' | 'succeeded' | 'exceptions' | 'held' | 'failed'

/** A stream as receipts name it. */
export function useOf({ connection, stream }: { connection: string; stream: string }): {
  connection: string
  stream: string
} {
  return { connection, stream: shownAddress(stream) }
}

/**
 * The balanced account of a run: every record read, from the source or found only in the target, has exactly one
 * outcome. Plain JSON; `verifyReceipt` proves it without the systems.
 */
export interface Receipt {
  receipt: 1
  run: string
  kind: 'sync' | 'upload' | 'retry' | 'undo'
  workflow: string
  title: string
  mode: string
  status: Exclude<RunStatus, 'running'>
  source: { connection: string; stream: string }
  target: { connection: string; stream: string }
  started: string
  ended: string
  /** Time at work, over all attempts. */
  workedMs: number
  attempts: number
  read: { source: Sum; targetOnly: Sum }
  outcomes: Record<Outcome, Sum>
  /**
   * The target is as it was: what was created, updated and deleted waits beside it (files), and is put in place by the next
   * run of the workflow that comes to its end.
   */
  staged?: true
  skippedBy: Partial<Record<SkipReason, number>>
  /** By code of the catalogue. */
  rejectedBy: Record<string, number>
  balanced: boolean
  /** Values that a conversion altered, by field. */
  altered: LedgerCounts
  traffic: Traffic
  cursor?: { from?: SavedCursor; to?: SavedCursor; late: LateSummary; proposedLagMs?: number }
  held?: Tripped
  fault?: FaultNote
  /** Hash of everything above. */
  digest: string
}

export type ReceiptDraft = Omit<
  Receipt,
  'balanced' | 'digest' | 'read' | 'outcomes' | 'skippedBy' | 'rejectedBy'
>

/** Whether anything of a run waits for a target to be finished that was not. */
export function isStaged(target: Pick<Target, 'finish'>, tally: Pick<Tally, 'count'>): boolean {
  return target.finish !== undefined && WRITTEN.some((outcome) => tally.count(outcome) > 0)
}

const WRITTEN = ['created', 'updated', 'deleted'] as const

export function makeReceipt(draft: ReceiptDraft, tally: TallySnapshot): Receipt {
  const { source, targetOnly, outcomes, skippedBy, rejectedBy } = tally
  // connections that are closed after this still count what they send
  const traffic = { ...draft.traffic }
  const body = { ...draft, traffic, read: { source, targetOnly }, outcomes, skippedBy, rejectedBy }
  const balanced = imbalances(body.read, outcomes).length === 0
  const whole = { ...body, balanced }
  return { ...whole, digest: digestOf(whole) }
}

/**
 * Checks a receipt by itself: the counts add up, the order-free checksums of keys and payloads of all outcomes are
 * those of all records read, and nothing was changed since it was written.
 */
export function verifyReceipt(receipt: unknown): { balanced: boolean; problems: string[] } {
  const parsed = parse(receipt)
  if (typeof parsed === 'string') return { balanced: false, problems: [parsed] }
  const problems = imbalances(parsed.read, parsed.outcomes)
  if (parsed.digest !== digestOf(parsed.body))
    problems.push('The digest does not fit: the receipt was changed after it was written.')
  if (parsed.body['balanced'] !== true && problems.length === 0)
    problems.push('It says of itself that it does not balance.')
  return { balanced: problems.length === 0, problems }
}

function imbalances(read: { source: Sum; targetOnly: Sum }, outcomes: Record<Outcome, Sum>): string[] {
  const problems: string[] = []
  const total = read.source.count + read.targetOnly.count
  const accounted = OUTCOMES.reduce((sum, outcome) => sum + outcomes[outcome].count, 0)
  if (total !== accounted)
    problems.push(`${String(total)} records were read, ${String(accounted)} have an outcome.`)
  for (const what of ['keys', 'payloads'] as const) {
    const left = sumOf([read.source[what], read.targetOnly[what]])
    const right = sumOf(OUTCOMES.map((outcome) => outcomes[outcome][what]))
    if (left !== right)
      problems.push(`The ${what} of the records read and of the records with an outcome are not the same.`)
  }
  return problems
}

function sumOf(checksums: readonly string[]): string {
  const sum = new Checksum()
  for (const checksum of checksums) sum.addText(checksum)
  return sum.text()
}

function digestOf(body: object): string {
  const json: unknown = JSON.parse(JSON.stringify(body))
  return new Hasher().text(canonicalText(asValue(json))).hex()
}

function parse(receipt: unknown):
  | {
      body: Record<string, Value>
      digest: Value
      read: { source: Sum; targetOnly: Sum }
      outcomes: Record<Outcome, Sum>
    }
  | string {
  const value = asValue(receipt)
  if (!isObject(value) || value['receipt'] !== 1) return 'This is not a receipt of Tieout (no "receipt": 1).'
  const { digest, ...body } = value
  const read = value['read']
  const outcomes = value['outcomes']
  if (!isObject(read) || !isObject(outcomes)) return 'The receipt has no "read" or no "outcomes".'
  const source = parseSum(read['source'])
  const targetOnly = parseSum(read['targetOnly'])
  if (!source || !targetOnly) return 'The receipt does not say what was read.'
  const sums: Partial<Record<Outcome, Sum>> = {}
  for (const outcome of OUTCOMES) {
    const sum = parseSum(outcomes[outcome])
    if (!sum) return `The receipt has no outcome "${outcome}".`
    sums[outcome] = sum
  }
  if (!isComplete(sums)) return 'The receipt lacks outcomes.'
  return { body, digest: digest ?? null, read: { source, targetOnly }, outcomes: sums }
}

function isComplete(sums: Partial<Record<Outcome, Sum>>): sums is Record<Outcome, Sum> {
  return OUTCOMES.every((outcome) => sums[outcome] !== undefined)
}

function parseSum(value: Value | undefined): Sum | undefined {
  if (!isObject(value)) return undefined
  const { count, keys, payloads } = value
  if (typeof count !== 'number' || !isChecksum(keys) || !isChecksum(payloads)) return undefined
  return { count, keys, payloads }
}

function isChecksum(value: Value | undefined): value is string {
  return typeof value === 'string' && /^[0-9a-f]{16}$/.test(value)
}

/** Anything that JSON can hold. */
function asValue(json: unknown): Value {
  if (json === null || typeof json === 'string' || typeof json === 'number' || typeof json === 'boolean')
    return json
  if (Array.isArray(json)) return json.map(asValue)
  if (typeof json !== 'object') return null
  const fields: Record<string, Value> = {}
  for (const [field, value] of Object.entries(json)) if (value !== undefined) fields[field] = asValue(value)
  return fields
}
