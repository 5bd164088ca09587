import type { ListingEnd, ReadRequest } from '../connector'
import type { Settled } from '../exceptions/store'
import { Watch } from '../exceptions/watch'
import { CountingLedger, type LedgerCounts } from '../record/ledger'
import type { Checkpoint, RunRow } from '../store'
import { Accepted } from './accepted'
import { Account } from './account'
import { CursorTracker } from './cursor'
import { withLag } from './cursor-value'
import { Deletes } from './deletes'
import { openDetector, type Detector } from './detector'
import { heldFault, RejectGuard, type Tripped } from './guards'
import { Intake } from './intake'
import { openIntents, type IntentJournal } from './intents'
import { proven } from './listing'
import type { Lease } from './lock'
import { Outbox } from './outbox'
import { type PendingWrite, type WriteScope, writeScope } from './pending'
import { prefetch } from './prefetch'
import { ProgressNews } from './progress'
import type { SyncRequest } from './request'
import { recall } from './memory'
import { SeenKeys } from './seen-keys'
import type { Segment, SegmentScope } from './segment'
import { addsUnseen, comparesItself, deletesOnlyWritten, operationOf } from './settings'

const PAGE = 1000
/** A segment of mostly unchanged rows ends after this many times `checkpointEvery` rows. */
const UNCHANGED_FACTOR = 20

/** Whether the source is known to have listed everything, and why. */
type Listing = Pick<ListingEnd, 'complete' | 'evidence'>

/** The work of one attempt at a run: reads pages into segments and sends what changed. */
export class Session {
  readonly account: Account
  readonly cursor: CursorTracker | undefined
  finished = false
  /** Exceptions whose record a complete listing no longer had. */
  gone: readonly Settled[] = []

  private readonly scope: WriteScope
  private readonly remembers: boolean
  private readonly outbox: Outbox
  private readonly intake: Intake
  private readonly rejects: RejectGuard
  private readonly progress: ProgressNews | undefined
  private row: number
  /** Noted deletes that are done. */
  private deletes: number
  private position: string | undefined
  private total: number | undefined
  private detector: Detector | undefined
  private accepted: Accepted | undefined

  static async open(request: SyncRequest, run: RunRow, lease: Lease): Promise<Session> {
    const checkpoint = await request.store.checkpoint(run.id)
    await request.store.dropKeptFailures(run.id)
    const memory = await recall(request, run)
    const intents = await openIntents(request.store, run.id, request.target.abilities, {
      nothingKnown: run.attempts === 1 && !request.redrive && !(await request.store.knowsAny(run.workflow)),
      adds: addsUnseen(request.target, request.workflow),
    })
    const watch = await Watch.open(request.store.inbox, request.workflow, run.id, request.redrive?.of)
    const seen = await SeenKeys.open(request, run.id, memory)
    const session = new Session(request, run, lease, checkpoint, intents, seen, watch)
    session.detector = await openDetector(request, intents, () => {
      session.rejects.taken()
    })
    session.accepted = await Accepted.open(request)
    return session
  }

  private constructor(
    private readonly request: SyncRequest,
    private readonly run: RunRow,
    lease: Lease,
    checkpoint: Checkpoint | undefined,
    intents: IntentJournal,
    private readonly seen: SeenKeys,
    private readonly watch: Watch | undefined,
  ) {
    const { workflow, ports, target, store, traffic, targetLedger } = request
    const { cursor } = workflow.source
    this.progress = ProgressNews.of(request, run.id)
    this.row = checkpoint?.row ?? 0
    this.deletes = checkpoint?.deletes ?? 0
    this.position = checkpoint?.position
    this.scope = writeScope(workflow, run.id, (source) => request.redrive?.of(source)?.repeats?.run)
    this.remembers = !comparesItself(target, workflow) && workflow.key.length > 0
    const now = (): number => ports.clock.now()
    if (cursor) this.cursor = new CursorTracker(cursor.field, run.since, checkpoint?.cursor, now)
    const forgiven = run.held?.guard === 'rejects' ? run.held.records : 0
    this.rejects = new RejectGuard(workflow.sync.guards.rejects, forgiven)
    const { scope, rejects } = this
    const onBatch = this.show.bind(this)
    this.outbox = new Outbox({
      request,
      scope,
      lease,
      intents,
      rejects,
      cursor: this.cursor,
      checkpoint,
      onBatch,
    })
    this.intake = this.openIntake()
    this.account = new Account({
      store,
      scope: this.segmentScope(),
      lease,
      traffic,
      targetLedger,
      checkpoint,
      bisections: () => this.outbox.bisections,
      elapsed: () => ports.clock.elapsed(),
    })
  }

  /** The guard that holds the run, or part of it, until somebody approves. */
  get held(): Tripped | undefined {
    return this.outbox.held
  }

  /** Everything from the last checkpoint to the end of the source, then deletes, then the target's finish. */
  async work(): Promise<void> {
    const listing = await this.readAll()
    if (listing === undefined) return
    const { mode, deletes } = this.request.workflow.sync
    // An incremental run sees only what changed: nothing that it did not see is missing.
    const mirrors = mode === 'mirror' && deletes !== 'none' && !this.run.since
    if (mirrors && !(await this.deleteMissing(listing))) return
    await this.request.target.finish?.(new AbortController().signal)
    this.warnOfFuture()
    this.account.addOfTarget()
    // a run that is held has not done all that it found out; a row without a key could be any record
    if (listing.complete && !this.run.since && !this.held && this.run.kind === 'sync')
      this.gone = this.watch?.gone(this.account.keyless === 0 ? this.seen : undefined) ?? []
    this.seen.drop()
    this.finished = true
  }

  private warnOfFuture(): void {
    const { cursor, request } = this
    if (cursor === undefined || cursor.ahead === 0) return
    const { name } = request.workflow
    const records = cursor.ahead
    request.ports.log.warn(
      `${name}: ${cursor.field} of ${String(records)} records lies in the future; they are read every time.`,
      { workflow: name, records },
    )
  }

  /** Another process goes on with this run: nothing more is saved. */
  async leave(): Promise<void> {
    await this.outbox.quiet()
    this.seen.drop()
  }

  /** After a fault: what is settled is saved, what is not is accounted as unprocessed. */
  async abandon(): Promise<void> {
    await this.outbox.quiet()
    await this.account.commitSettled().catch(() => undefined)
    await this.account.abandon()
    this.seen.drop()
  }

  /** @returns how the listing ended, or undefined when the run was stopped before */
  private async readAll(): Promise<Listing | undefined> {
    const { request, account } = this
    const stop = new AbortController()
    const ledgers: LedgerCounts[] = []
    let segment = account.newSegment()
    let listing: Listing = {
      complete: false,
      evidence: 'The source ended without saying that it was complete.',
    }
    const pages = prefetch(request.source.read(this.readRequest(stop.signal)), () => {
      ledgers.push(request.sourceLedger.take())
    })
    for await (const page of pages) {
      segment.addLedger(ledgers.shift() ?? {})
      await this.take(this.intake.page(page, segment), segment)
      this.row += page.rows.length
      this.position = page.position
      if (page.end) {
        this.total = page.end.total
        listing = proven(page.end, this.row)
      }
      const stopping = request.signal.aborted || this.held !== undefined
      if (stopping && !page.end) {
        stop.abort()
        await this.endRead(segment)
        if (this.held) throw heldFault(this.held)
        return undefined
      }
      if (this.isFull(segment)) {
        await this.endSegment(segment)
        segment = account.newSegment()
      }
      await account.commitSettled()
      this.show()
    }
    await this.endRead(segment)
    if (this.held) throw heldFault(this.held)
    return listing
  }

  private async endRead(segment: Segment): Promise<void> {
    await this.endSegment(segment)
    await this.outbox.drain()
    await this.account.commitSettled()
  }

  /** Leaves out what the target is known to hold already; sends the rest in batches. */
  private async take(writes: readonly PendingWrite[], segment: Segment): Promise<void> {
    if (this.cursor) for (const write of writes) this.cursor.read(this.cursorOf(write.source))
    const open = this.accepted?.leave(writes, segment) ?? writes
    let changed = open
    try {
      if (this.detector) changed = await this.detector.changed(open, segment)
    } finally {
      for (const write of changed) segment.expect(write)
    }
    await this.outbox.send(changed, segment)
  }

  private async endSegment(segment: Segment): Promise<void> {
    await this.outbox.flush(segment)
    const { position = '', row, deletes, cursor } = this
    segment.end = { position, row, deletes, cursor: cursor?.progress() }
  }

  private isFull(segment: Segment): boolean {
    const every = this.checkpointEvery
    return segment.writes >= every || segment.rows >= every * UNCHANGED_FACTOR
  }

  private get checkpointEvery(): number {
    return Math.max(this.request.workflow.sync.checkpointEvery, this.outbox.batchSize)
  }

  /** @returns false when the run was stopped before they were all done */
  private async deleteMissing(listing: Listing): Promise<boolean> {
    const deletes = new Deletes(this.request, this.seen, this.scope, this.accepted)
    if (this.run.released === undefined) await this.release(deletes, listing)
    return this.run.released === undefined || (await this.carryOut(deletes))
  }

  /**
   * Looks for what may be deleted and notes it, so that a killed run goes on with the same deletes: in the target those
   * that are done can no longer be found. What a guard holds is accounted as skipped.
   */
  private async release(deletes: Deletes, listing: Listing): Promise<void> {
    const { account, run, request } = this
    const found = await deletes.find()
    const proven = account.keyless === 0 ? listing : keysUnknown(account.keyless)
    this.outbox.held = deletes.guard(found, proven, request.approve)
    if (this.held) {
      for (const keys of found.keys()) for (const key of keys) account.holdBack(deletes.write(key))
    } else if (found.count > 0) {
      await request.store.noteDeletes(run.id, found.keys())
      run.released = found.hash
      await request.store.putRun(run)
    }
    found.drop()
  }

  private async carryOut(deletes: Deletes): Promise<boolean> {
    const { account, run, request } = this
    const before = this.deletes
    let number = 0
    let segment = account.newSegment()
    for await (const keys of request.store.deletes(run.id)) {
      for (const key of keys) {
        if (++number <= before) continue
        this.deletes = number
        const write = deletes.write(key)
        // the source has it again since the deletes were noted
        if (this.seen.has(write.keyA, write.keyB)) continue
        segment.tally.readFromTarget(write)
        segment.expect(write)
        await this.outbox.send([write], segment)
        if (!this.isFull(segment)) continue
        await this.endSegment(segment)
        await account.commitSettled()
        segment = account.newSegment()
        if (!request.signal.aborted) continue
        await this.endRead(segment)
        return false
      }
    }
    await this.endRead(segment)
    return true
  }

  private cursorOf(record: PendingWrite['source']): string | undefined {
    return this.cursor && CursorTracker.valueOf(record, this.cursor.field)
  }

  private readRequest(signal: AbortSignal): ReadRequest {
    const { run, request, position } = this
    const read: ReadRequest = { pageSize: Math.min(PAGE, this.checkpointEvery), signal }
    if (position !== undefined) read.after = position
    const lagMs = request.workflow.source.cursor?.lagMs ?? 0
    if (run.since) read.since = { field: run.since.field, value: withLag(run.since.value, lagMs) }
    return read
  }

  private segmentScope(): SegmentScope {
    const { workflow, ports } = this.request
    return {
      run: this.run.id,
      workflow: workflow.name,
      personal: workflow.personal,
      keyed: workflow.key.length > 0,
      watch: this.watch,
      redrive: this.request.redrive,
      uploaded: this.request.upload === true,
      dueMs: workflow.exceptions.dueMs,
      remembers: this.remembers || deletesOnlyWritten(workflow.sync),
      now: () => ports.clock.now(),
    }
  }

  private openIntake(): Intake {
    const { mapper, validate, workflow } = this.request
    return new Intake({
      mapper,
      validate,
      restore: workflow.sync.restore,
      key: workflow.key,
      operation: operationOf(workflow.sync),
      seen: this.seen,
      scope: this.scope,
      ledger: new CountingLedger(),
      accepted: (key, hash) => this.accepted?.holds(key, hash) === true,
      onUnchanged: (source) => {
        this.cursor?.read(this.cursorOf(source))
        this.rejects.taken()
      },
      onValid: () => {
        this.rejects.valid()
      },
      onRejected: (row) => {
        this.cursor?.failed(this.cursorOf(row.record))
        this.outbox.held ??= this.rejects.invalid(row.accounted)
      },
    })
  }

  private show(): void {
    this.progress?.show({ read: this.row, account: this.account, total: this.total })
  }
}

function keysUnknown(rows: number): Listing {
  return { complete: false, evidence: `the keys of ${String(rows)} rejected rows are not known.` }
}
