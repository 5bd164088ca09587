import type { Traffic } from '../connector'
import { CountingLedger, type LedgerCounts } from '../record/ledger'
import type { Checkpoint, Store } from '../store'
import { maybeHeld } from './known-log'
import type { Lease } from './lock'
import { Tally, type Outcome } from './outcome'
import type { PendingWrite } from './pending'
import { Segment, type SegmentScope } from './segment'

export interface AccountOptions {
  store: Store
  scope: SegmentScope
  lease: Lease
  traffic: Traffic
  /** What the target alters in what it is given. */
  targetLedger: CountingLedger
  checkpoint: Checkpoint | undefined
  /** Bisection calls of this attempt. */
  bisections(): number
  elapsed(): number
}

/**
 * The account of a run: its open segments in the order of the source, and the sum of those that are committed. A
 * segment is committed when all before it are, so that the checkpoint never passes a record without an outcome.
 */
export class Account {
  /** Up to the last checkpoint; after `abandon`, of everything read. */
  readonly tally = new Tally()
  /** Rejected rows whose key is not known, up to the last checkpoint. */
  keyless: number
  private readonly ledger = new CountingLedger()
  private segments: Segment[] = []
  /** The last segment that is in the sums. */
  private included: Segment | undefined
  private readonly started: number

  constructor(private readonly options: AccountOptions) {
    const { checkpoint, traffic } = options
    this.started = options.elapsed()
    this.keyless = checkpoint?.keyless ?? 0
    if (!checkpoint) return
    this.tally.merge(checkpoint.tally)
    this.ledger.add(checkpoint.ledger)
    traffic.calls += checkpoint.traffic.calls
    traffic.bytesIn += checkpoint.traffic.bytesIn
    traffic.bytesOut += checkpoint.traffic.bytesOut
    traffic.retries += checkpoint.traffic.retries
  }

  newSegment(): Segment {
    const segment = new Segment(this.options.scope)
    this.segments.push(segment)
    return segment
  }

  get altered(): LedgerCounts {
    return this.ledger.counted()
  }

  /** Up to now, beyond the last checkpoint. */
  count(outcome: Outcome): number {
    return this.segments.reduce((sum, { tally }) => sum + tally.count(outcome), this.tally.count(outcome))
  }

  /** A delete that a guard holds; looked for anew if the run has to go on. */
  holdBack(write: PendingWrite): void {
    this.tally.readFromTarget(write)
    this.tally.settle(write, 'skipped', 'held')
  }

  addOfTarget(): void {
    this.ledger.add(this.options.targetLedger.take())
  }

  get workedMs(): number {
    return (this.options.checkpoint?.workedMs ?? 0) + this.options.elapsed() - this.started
  }

  /** One that the store does not take stays the first: none behind it may be saved before it. */
  async commitSettled(): Promise<void> {
    for (let segment = this.segments[0]; segment?.end && segment.isSettled; segment = this.segments[0]) {
      this.include(segment)
      await this.commit(segment, segment.end)
      this.segments.shift()
    }
  }

  private include(segment: Segment): void {
    if (this.included === segment) return
    this.included = segment
    this.tally.merge(segment.tally.snapshot())
    this.ledger.add(segment.ledger.take())
    this.addOfTarget()
    this.keyless += segment.keyless
  }

  /**
   * What has no outcome yet is unprocessed. Only its failures are kept, to look at: the next start reads it again. What of it
   * went out may be gone from the source by then, and is noted for a mirror to delete.
   */
  async abandon(): Promise<void> {
    for (const segment of this.segments) segment.abandon()
    await this.noteMaybeHeld()
    for (const segment of this.segments) {
      await this.options.store.keepFailures(segment.failures, this.options.scope.dueMs)
      this.include(segment)
    }
    this.segments = []
    this.addOfTarget()
  }

  private async noteMaybeHeld(): Promise<void> {
    const { store, scope } = this.options
    const packed = this.segments.map(({ known }) => known.packed).filter(({ keys }) => keys !== '')
    if (packed.length === 0) return
    const known = await store.known(scope.workflow)
    for (const one of packed) await store.noteKnown(scope.workflow, maybeHeld(one, known))
  }

  private async commit(segment: Segment, end: NonNullable<Segment['end']>): Promise<void> {
    const { store, scope, lease, traffic, checkpoint } = this.options
    await lease.assertHeld()
    await store.commit({
      run: scope.run,
      workflow: scope.workflow,
      checkpoint: {
        position: end.position,
        row: end.row,
        deletes: end.deletes,
        keyless: this.keyless,
        tally: this.tally.snapshot(),
        ledger: this.altered,
        bisections: (checkpoint?.bisections ?? 0) + this.options.bisections(),
        cursor: end.cursor,
        traffic: { ...traffic },
        workedMs: this.workedMs,
      },
      seen: segment.seen,
      known: segment.known.packed,
      changes: segment.changes.packed,
      failures: segment.failures,
      settled: segment.settled,
      dueMs: scope.dueMs,
      at: scope.now(),
    })
  }
}
