import type { Checkpoint } from '../store'
import { CursorTracker } from './cursor'
import { heldFault, type RejectGuard, type Tripped } from './guards'
import type { IntentJournal } from './intents'
import type { Lease } from './lock'
import { makeBatch, type PendingWrite, type WriteScope } from './pending'
import type { SyncRequest } from './request'
import type { Segment, Settlement } from './segment'
import { batchSizeOf } from './settings'
import { Writer } from './writer'

export interface OutboxOptions {
  request: SyncRequest
  scope: WriteScope
  lease: Lease
  intents: IntentJournal
  rejects: RejectGuard
  cursor: CursorTracker | undefined
  checkpoint: Checkpoint | undefined
  onBatch: () => void
}

/** Fills batches with what has to be sent, and gives each record its outcome. */
export class Outbox {
  /** The guard that holds the run, or part of it, until somebody approves. */
  held: Tripped | undefined
  readonly batchSize: number
  private readonly writer: Writer
  private pending: readonly PendingWrite[] = []

  constructor(private readonly options: OutboxOptions) {
    const { request, scope, intents, checkpoint } = options
    const { target, ports, traffic } = request
    const { sync } = request.workflow
    this.batchSize = batchSizeOf(sync, target.abilities)
    this.writer = new Writer({
      target,
      scope,
      clock: ports.clock,
      signal: new AbortController().signal,
      concurrency: Math.min(sync.concurrency, target.abilities.maxConcurrency ?? sync.concurrency),
      retry: sync.retry,
      bisectionBudget: sync.bisectionBudget - (checkpoint?.bisections ?? 0),
      intents,
      onRetry: () => {
        traffic.retries++
      },
    })
  }

  get bisections(): number {
    return this.writer.bisections
  }

  /** What does not fill a batch waits for more, or for `flush`. */
  async send(writes: readonly PendingWrite[], segment: Segment): Promise<void> {
    for (let at = 0; at < writes.length;) {
      if (this.held) throw heldFault(this.held)
      const part = writes.slice(at, at + this.batchSize - this.pending.length)
      this.pending = this.pending.length === 0 ? part : [...this.pending, ...part]
      segment.writes += part.length
      at += part.length
      if (this.pending.length >= this.batchSize) await this.flush(segment)
    }
  }

  async flush(segment: Segment): Promise<void> {
    if (this.pending.length === 0) return
    const { lease, scope, onBatch } = this.options
    await lease.assertHeld()
    const batch = makeBatch(this.pending, scope)
    this.pending = []
    await this.writer.submit(batch, (write, settlement) => {
      this.settle(write, settlement, segment)
    })
    onBatch()
  }

  /** Until every record that was sent has its outcome. @throws Fault when going on is pointless */
  drain(): Promise<void> {
    return this.writer.drain()
  }

  /** Waits for what is under way, whatever comes of it. */
  quiet(): Promise<void> {
    return this.writer.quiet()
  }

  private settle(write: PendingWrite, settlement: Settlement, segment: Segment): void {
    const { rejects, cursor } = this.options
    const { outcome } = settlement
    const value = cursor && CursorTracker.valueOf(write.source, cursor.field)
    segment.settle(write, settlement)
    if (outcome === 'rejected') this.held ??= rejects.refused(write)
    else rejects.taken()
    if (outcome === 'rejected' || outcome === 'unknown' || outcome === 'unprocessed') cursor?.failed(value)
    if (outcome === 'created' || outcome === 'updated') cursor?.written(value)
  }
}
