import type { SkipReason } from '../connector'
import { Checksum, type RecordHash } from '../record/checksum'

/** What became of one record. */
export type Outcome =
  'created' | 'updated' | 'unchanged' | 'deleted' | 'skipped' | 'rejected' | 'unprocessed' | 'unknown'

export const OUTCOMES: readonly Outcome[] = [
  'created',
  'updated',
  'unchanged',
  'deleted',
  'skipped',
  'rejected',
  'unprocessed',
  'unknown',
]

export interface Sum {
  count: number
  /** Order-free checksums over the keys and over the payloads. */
  keys: string
  payloads: string
}

/** The saved form of a tally. */
export interface TallySnapshot {
  source: Sum
  targetOnly: Sum
  outcomes: Record<Outcome, Sum>
  skippedBy: Partial<Record<SkipReason, number>>
  rejectedBy: Record<string, number>
}

const SKIP_REASONS: readonly string[] = [
  'exists',
  'absent',
  'duplicate',
  'held',
  'accepted',
] satisfies SkipReason[]

class RunningSum {
  count = 0
  private keys = new Checksum()
  private payloads = new Checksum()

  add(record: RecordHash): void {
    this.count++
    this.keys.add(record.keyA, record.keyB)
    this.payloads.add(record.payloadA, record.payloadB)
  }

  merge(sum: Sum): void {
    this.count += sum.count
    this.keys.addText(sum.keys)
    this.payloads.addText(sum.payloads)
  }

  snapshot(): Sum {
    return { count: this.count, keys: this.keys.text(), payloads: this.payloads.text() }
  }
}

/** Counts records read and their outcomes. A record is counted once on each side, or the receipt does not balance. */
export class Tally {
  private readonly source = new RunningSum()
  private readonly targetOnly = new RunningSum()
  private readonly outcomes = new Map<Outcome, RunningSum>(
    OUTCOMES.map((outcome) => [outcome, new RunningSum()]),
  )
  private readonly skippedBy = new Map<SkipReason, number>()
  private readonly rejectedBy = new Map<string, number>()

  readFromSource(record: RecordHash): void {
    this.source.add(record)
  }

  /** A record that only the target has: read there, to be deleted. */
  readFromTarget(record: RecordHash): void {
    this.targetOnly.add(record)
  }

  settle(record: RecordHash, outcome: Outcome, reason?: string): void {
    this.sumOf(outcome).add(record)
    if (outcome === 'rejected' && reason !== undefined) count(this.rejectedBy, reason)
    if (outcome === 'skipped' && isSkipReason(reason)) count(this.skippedBy, reason)
  }

  merge(other: TallySnapshot): void {
    this.source.merge(other.source)
    this.targetOnly.merge(other.targetOnly)
    for (const outcome of OUTCOMES) this.sumOf(outcome).merge(other.outcomes[outcome])
    for (const [reason, n] of Object.entries(other.skippedBy))
      if (isSkipReason(reason)) count(this.skippedBy, reason, n)
    for (const [code, n] of Object.entries(other.rejectedBy)) count(this.rejectedBy, code, n)
  }

  count(outcome: Outcome): number {
    return this.sumOf(outcome).count
  }

  get read(): number {
    return this.source.count + this.targetOnly.count
  }

  snapshot(): TallySnapshot {
    return {
      source: this.source.snapshot(),
      targetOnly: this.targetOnly.snapshot(),
      outcomes: {
        created: this.sumOf('created').snapshot(),
        updated: this.sumOf('updated').snapshot(),
        unchanged: this.sumOf('unchanged').snapshot(),
        deleted: this.sumOf('deleted').snapshot(),
        skipped: this.sumOf('skipped').snapshot(),
        rejected: this.sumOf('rejected').snapshot(),
        unprocessed: this.sumOf('unprocessed').snapshot(),
        unknown: this.sumOf('unknown').snapshot(),
      },
      skippedBy: Object.fromEntries(this.skippedBy),
      rejectedBy: Object.fromEntries(this.rejectedBy),
    }
  }

  private sumOf(outcome: Outcome): RunningSum {
    let sum = this.outcomes.get(outcome)
    if (!sum) this.outcomes.set(outcome, (sum = new RunningSum()))
    return sum
  }
}

function count<K>(counts: Map<K, number>, key: K, by = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + by)
}

function isSkipReason(reason: string | undefined): reason is SkipReason {
  return reason !== undefined && SKIP_REASONS.includes(reason)
}
