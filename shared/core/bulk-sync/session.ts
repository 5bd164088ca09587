import type { Traffic } from '../connector'
import { Fault } from '../fault'
import { Hasher } from '../record/hash'
import { KeySet } from '../record/key-set'
import { CountingLedger, type LedgerCounts } from '../record/ledger'
import type { Checkpoint, RunRow } from '../store'
import { CursorTracker, withLag } from './cursor'
import { Deletes } from './deletes'
import { RejectGuard, type Tripped } from './guards'
import { Intake } from './intake'
import { openIntents } from './intents'
import type { Lease } from './lock'
import { Tally } from './outcome'
import { makeBatch, type PendingWrite, type WriteScope } from './pending'
import { prefetch } from './prefetch'
import { batchSizeOf, operationOf } from './settings'
import { Segment, type SegmentScope, type Settlement } from './segment'
import type { Progress, SyncRequest } from './request'
import { Writer } from './writer'

const PAGE = 1000
/** A segment of mostly unchanged rows ends after this many times `checkpointEvery` rows. */
const UNCHANGED_FACTOR = 20
const PROGRESS_MS = 200

/** The work of one attempt at a run: reads pages into segments, sends what changed, commits segments in order. */
export class Session {
  /** Up to the last checkpoint; after `abandon`, of everything read. */
  readonly tally = new Tally()
  readonly traffic: Traffic
  cursor: CursorTracker | undefined
  /** The guard that holds the run, or part of it, until somebody approves. */
  held: Tripped | undefined
  finished = false

  private readonly ledger = new CountingLedger()
  private readonly seen: KeySet
  private readonly scope: WriteScope
  private readonly segmentScope: SegmentScope
  private readonly started: number
  private segments: Segment[] = []
  private pending: PendingWrite[] = []
  private writer: Writer
  private intake: Intake
  private rejects: RejectGuard
  private batchSize: number
  private row: number
  private position: string | undefined
  private total: number | undefined
  private shownAt = 0
  private workedBefore: number

  static async open(request: SyncRequest, run: RunRow, lease: Lease): Promise<Session> {
    const checkpoint = await request.store.checkpoint(run.id)
    const intents = await openIntents(request.store, run.id, request.target.abilities)
    const session = new Session(request, run, lease, checkpoint, intents)
    for await (const hashes of request.store.seen(run.id)) {
      for (let i = 0; i < hashes.length; i += 3)
        session.seen.add(hashes[i] ?? 0, hashes[i + 1] ?? 0, hashes[i + 2] ?? 0)
    }
    return session
  }

  private constructor(
    private readonly request: SyncRequest,
    private readonly run: RunRow,
    private readonly lease: Lease,
    checkpoint: Checkpoint | undefined,
    intents: Awaited<ReturnType<typeof openIntents>>,
  ) {
    const { workflow, ports, target } = request
    const { abilities } = target
    this.started = ports.clock.elapsed()
    this.workedBefore = checkpoint?.workedMs ?? 0
    this.traffic = request.traffic
    if (checkpoint) this.restore(checkpoint)
    this.row = checkpoint?.row ?? 0
    this.position = checkpoint?.position
    this.seen = new KeySet(ports.spill)
    this.scope = { workflow: workflow.name, key: workflow.key, hasher: new Hasher(), run: run.id }
    this.segmentScope = {
      run: run.id,
      workflow: workflow.name,
      personal: workflow.personal,
      remembers: !abilities.compares && workflow.key.length > 0,
      now: () => ports.clock.now(),
    }
    if (workflow.source.cursor)
      this.cursor = new CursorTracker(workflow.source.cursor.field, run.since, checkpoint?.cursor)
    this.rejects = new RejectGuard(
      workflow.sync.guards.rejects,
      run.held?.guard === 'rejects' ? run.held.records : 0,
    )
    this.batchSize = batchSizeOf(workflow.sync, abilities)
    this.writer = new Writer({
      target,
      scope: this.scope,
      clock: ports.clock,
      signal: new AbortController().signal,
      concurrency: Math.min(workflow.sync.concurrency, abilities.maxConcurrency ?? Infinity),
      retry: workflow.sync.retry,
      bisectionBudget: workflow.sync.bisectionBudget - (checkpoint?.bisections ?? 0),
      intents,
      onRetry: () => {
        request.traffic.retries++
      },
    })
    this.intake = new Intake({
      mapper: request.mapper,
      validate: request.validate,
      key: workflow.key,
      operation: operationOf(workflow.sync),
      seen: this.seen,
      scope: this.scope,
      ledger: new CountingLedger(),
      onRejected: (row) => {
        this.notRead(row.accounted, this.cursorOf(row.record))
      },
    })
  }

  /** Everything from the last checkpoint to the end of the source, then deletes, then the target's finish. */
  async work(): Promise<void> {
    const listing = await this.readAll()
    if (listing === undefined) return
    await this.writer.drain()
    await this.commitSettled()
    if (this.request.workflow.sync.mode === 'mirror' && this.request.workflow.sync.deletes !== 'none') {
      await this.deleteMissing(listing)
    }
    await this.request.target.finish?.(new AbortController().signal)
    this.ledger.add(this.request.targetLedger.take())
    this.finished = true
  }

  /** After a fault: what is settled is saved, what is not is accounted as unprocessed. */
  async abandon(): Promise<void> {
    await this.writer.quiet()
    await this.commitSettled().catch(() => undefined)
    for (const segment of this.segments) {
      segment.abandon()
      this.tally.merge(segment.tally.snapshot())
      this.ledger.add(segment.ledger.take())
    }
    this.segments = []
    this.seen.drop()
  }

  get altered(): LedgerCounts {
    const counts = this.ledger.take()
    this.ledger.add(counts)
    return counts
  }

  get workedMs(): number {
    return this.workedBefore + this.request.ports.clock.elapsed() - this.started
  }

  /** @returns how the listing ended, or undefined when the run was stopped before */
  private async readAll(): Promise<{ complete: boolean; evidence: string } | undefined> {
    const { request } = this
    const stop = new AbortController()
    const ledgers: LedgerCounts[] = []
    let segment = this.newSegment()
    let listing: { complete: boolean; evidence: string } = {
      complete: false,
      evidence: 'The source ended without saying that it was complete.',
    }
    const pages = prefetch(request.source.read(this.readRequest(stop.signal)), () =>
      ledgers.push(request.sourceLedger.take()),
    )
    for await (const page of pages) {
      segment.addLedger(ledgers.shift() ?? {})
      await this.take(this.intake.page(page, segment), segment)
      this.row += page.rows.length
      this.position = page.position
      if (page.end) {
        this.total = page.end.total ?? this.total
        listing = this.listingOf(page.end)
      }
      const stopping = request.signal.aborted || this.held !== undefined
      if (page.end || stopping || this.isFull(segment)) {
        await this.endSegment(segment)
        if (stopping && !page.end) {
          await this.writer.drain()
          await this.commitSettled()
          if (this.held) throw this.heldFault(this.held)
          return undefined
        }
        segment = this.newSegment()
      }
      await this.commitSettled()
      this.show()
      if (this.held) throw this.heldFault(this.held)
    }
    if (segment.rows > 0 || segment.end === undefined) await this.endSegment(segment)
    return listing
  }

  private readRequest(signal: AbortSignal): Parameters<SyncRequest['source']['read']>[0] {
    const { run, request, position } = this
    const lagMs = request.workflow.source.cursor?.lagMs ?? 0
    return {
      pageSize: PAGE,
      signal,
      ...(position === undefined ? {} : { after: position }),
      ...(run.since ? { since: { field: run.since.field, value: withLag(run.since.value, lagMs) } } : {}),
    }
  }

  /** Leaves out what the target is known to hold already; sends the rest in batches. */
  private async take(writes: readonly PendingWrite[], segment: Segment): Promise<void> {
    for (const write of writes) this.cursor?.read(this.cursorOf(write.source))
    const changed = this.segmentScope.remembers ? await this.detect(writes, segment) : writes
    for (const write of changed) {
      segment.expect(write)
      this.pending.push(write)
      if (this.pending.length >= this.batchSize) await this.flush(segment)
    }
  }

  private async detect(writes: readonly PendingWrite[], segment: Segment): Promise<PendingWrite[]> {
    const { store, workflow } = this.request
    const known = await store.known(
      workflow.name,
      writes.map((write) => write.keyText),
    )
    const changed: PendingWrite[] = []
    for (const [i, write] of writes.entries()) {
      const hash = known[i]
      if (hash === write.hash) {
        segment.tally.settle(write, 'unchanged')
        this.rejects.passed()
        continue
      }
      write.exists = hash === undefined ? undefined : true
      if (
        write.exists === true &&
        (workflow.sync.mode === 'insert-only' || workflow.sync.mode === 'append')
      ) {
        segment.tally.settle(write, 'skipped', 'exists')
      } else changed.push(write)
    }
    return changed
  }

  private async flush(segment: Segment): Promise<void> {
    if (this.pending.length === 0) return
    this.lease.assertHeld()
    const batch = makeBatch(this.pending, this.scope)
    this.pending = []
    await this.writer.submit(batch, (write, settlement) => {
      this.settle(write, settlement, segment)
    })
  }

  private settle(write: PendingWrite, settlement: Settlement, segment: Segment): void {
    segment.settle(write, settlement)
    const { outcome } = settlement
    if (outcome === 'rejected' || outcome === 'unknown' || outcome === 'unprocessed')
      this.notRead(write, this.cursorOf(write.source))
    else this.rejects.passed()
    if (outcome === 'created' || outcome === 'updated') this.cursor?.written(this.cursorOf(write.source))
  }

  private notRead(record: Parameters<RejectGuard['rejectedRecord']>[0], cursor: string | undefined): void {
    this.cursor?.failed(cursor)
    this.held ??= this.rejects.rejectedRecord(record)
  }

  private cursorOf(record: PendingWrite['source']): string | undefined {
    return this.cursor && CursorTracker.valueOf(record, this.cursor.field)
  }

  private async endSegment(segment: Segment): Promise<void> {
    await this.flush(segment)
    segment.end = { position: this.position ?? '', row: this.row, cursor: this.cursor?.progress() }
  }

  private newSegment(): Segment {
    const segment = new Segment(this.segmentScope)
    this.segments.push(segment)
    return segment
  }

  private isFull(segment: Segment): boolean {
    const every = Math.max(this.request.workflow.sync.checkpointEvery, this.batchSize)
    return segment.writes >= every || segment.rows >= every * UNCHANGED_FACTOR
  }

  private async commitSettled(): Promise<void> {
    for (let segment = this.segments[0]; segment?.end && segment.settled; segment = this.segments[0]) {
      this.segments.shift()
      this.tally.merge(segment.tally.snapshot())
      this.ledger.add(segment.ledger.take())
      await this.commit(segment, segment.end)
    }
  }

  private async commit(segment: Segment, end: NonNullable<Segment['end']>): Promise<void> {
    this.lease.assertHeld()
    await this.request.store.commit({
      run: this.run.id,
      workflow: this.request.workflow.name,
      checkpoint: {
        position: end.position,
        row: end.row,
        tally: this.tally.snapshot(),
        ledger: this.altered,
        bisections: this.writer.bisections,
        cursor: end.cursor,
        traffic: { ...this.traffic },
        workedMs: this.workedMs,
      },
      seen: segment.seen,
      known: segment.known,
      forgotten: segment.forgotten,
      changes: segment.changes,
      exceptions: segment.exceptions,
    })
  }

  private async deleteMissing(listing: { complete: boolean; evidence: string }): Promise<void> {
    const deletes = new Deletes(this.request, this.seen, this.scope)
    const found = await deletes.find()
    const tripped =
      this.run.released === undefined ? deletes.guard(found, listing, this.request.approve) : undefined
    if (tripped) this.held = tripped
    else if (found.count > 0) {
      this.run.released = found.hash
      await this.request.store.putRun(this.run)
    }
    let segment = this.newSegment()
    for (const write of found.writes()) {
      segment.tally.readFromTarget(write)
      segment.expect(write)
      if (tripped) segment.settle(write, { outcome: 'skipped', reason: 'held' })
      else {
        this.pending.push(write)
        if (this.pending.length >= this.batchSize) await this.flush(segment)
      }
      if (!this.isFull(segment)) continue
      await this.endSegment(segment)
      await this.commitSettled()
      segment = this.newSegment()
    }
    await this.endSegment(segment)
    await this.writer.drain()
    await this.commitSettled()
    found.drop()
  }

  /** The engine's own count against the source's: fewer rows than it says there are is no complete listing. */
  private listingOf(end: { complete: boolean; total?: number; evidence: string }): {
    complete: boolean
    evidence: string
  } {
    if (end.complete && end.total !== undefined && end.total !== this.row) {
      return {
        complete: false,
        evidence: `the source says it has ${String(end.total)} records and gave ${String(this.row)}.`,
      }
    }
    if (end.complete && this.run.since)
      return { complete: false, evidence: 'an incremental run reads only what changed.' }
    return { complete: end.complete, evidence: end.evidence }
  }

  private heldFault(held: Tripped): Fault {
    return new Fault('GUARD_REJECTS', held.reason, { hash: held.hash, rejected: held.records })
  }

  private restore(checkpoint: Checkpoint): void {
    this.tally.merge(checkpoint.tally)
    this.ledger.add(checkpoint.ledger)
    const { traffic } = this
    traffic.calls += checkpoint.traffic.calls
    traffic.bytesIn += checkpoint.traffic.bytesIn
    traffic.bytesOut += checkpoint.traffic.bytesOut
    traffic.retries += checkpoint.traffic.retries
  }

  private show(): void {
    const { onProgress, ports } = this.request
    const now = ports.clock.elapsed()
    if (!onProgress || now - this.shownAt < PROGRESS_MS) return
    this.shownAt = now
    const progress: Progress = {
      run: this.run.id,
      read: this.row,
      written: this.tally.count('created') + this.tally.count('updated'),
      rejected: this.tally.count('rejected'),
      elapsedMs: now - this.started,
    }
    if (this.total !== undefined) progress.total = this.total
    onProgress(progress)
  }
}
