import type { Answer } from '../connector'
import { Fault } from '../fault'
import { holds } from '../record/canonical'
import { RejectGuard, type Tripped } from './guards'
import { Hasher } from '../record/hash'
import { keyOfText } from '../record/key'
import { KeySet } from '../record/key-set'
import { CountingLedger, type LedgerCounts } from '../record/ledger'
import { maskRecord, maskText } from '../record/mask'
import type { DataRecord } from '../record/value'
import { usableCursor } from './cursor'
import { withLag } from './cursor-value'
import { Accepted } from './accepted'
import { forgetsGiven, movedFrom } from './addresses'
import { Deletes } from './deletes'
import { commonForm } from './forms'
import { Intake } from './intake'
import { Tally, type Outcome } from './outcome'
import { makeBatch, type PendingWrite, type WriteScope, writeScope } from './pending'
import { SeenKeys } from './seen-keys'
import { Segment } from './segment'
import { batchSizeOf, comparesItself, leftOutOfFull, operationOf } from './settings'
import type { Addresses, Known } from '../store'
import type { SyncRequest } from './request'

export interface PlanRequest extends SyncRequest {
  /** Reads only so many records. */
  limit?: number
}

export interface FieldChange {
  key: DataRecord
  /** Personal fields are masked. */
  fields: Record<string, { before: DataRecord[string] | undefined; after: DataRecord[string] | undefined }>
}

/** What a run would do, with nothing written: a dry run over all records, or the first `limit`. */
export interface Plan {
  workflow: string
  read: number
  complete: boolean
  outcomes: Partial<Record<Outcome, number>>
  rejectedBy: Record<string, number>
  samples: {
    created: DataRecord[]
    updated: FieldChange[]
    deleted: DataRecord[]
    rejected: { row: number; place: string; code: string; message: string }[]
  }
  /** The guard that would hold the run. */
  held?: Tripped
  altered: LedgerCounts
  forecast: { writeCalls: number; minutes: number }
}

const SAMPLES = 10
const NOTHING: Known = { hash: () => undefined }
/** Of one write call, where nothing was measured: what an API over the internet takes. */
const ASSUMED_CALL_MS = 300

export async function planSync(request: PlanRequest): Promise<Plan> {
  const planner = new Planner(request, await Accepted.open(request), await movedFrom(request))
  await planner.readAll()
  if (request.workflow.sync.mode === 'mirror' && request.workflow.sync.deletes !== 'none')
    await planner.deletes()
  return planner.plan()
}

class Planner {
  private readonly seen: SeenKeys
  private readonly scope: WriteScope
  private readonly intake: Intake
  private readonly tally = new Tally()
  private readonly counts = new Map<Outcome, number>()
  private readonly samples: Plan['samples'] = { created: [], updated: [], deleted: [], rejected: [] }
  private readonly altered = new CountingLedger()
  private readonly hasher = new Hasher()
  private readonly started: number
  private readonly rejects: RejectGuard
  /** Codes of records that the target would refuse. */
  private readonly refused: Record<string, number> = {}
  private bisections = 0
  private writes = 0
  private read = 0
  private ended: { complete: boolean; evidence: string } | undefined
  private held: Tripped | undefined
  private known: Known | undefined

  constructor(
    private readonly request: PlanRequest,
    private readonly accepted: Accepted | undefined,
    /** What is remembered of these is what the run will forget. */
    private readonly moved: Addresses,
  ) {
    const { workflow, ports } = request
    this.started = ports.clock.elapsed()
    this.seen = new SeenKeys(new KeySet(ports.spill))
    this.scope = writeScope(workflow, 'plan')
    this.rejects = new RejectGuard(workflow.sync.guards.rejects, 0)
    this.intake = new Intake({
      mapper: request.mapper,
      validate: request.validate,
      restore: workflow.sync.restore,
      key: workflow.key,
      operation: operationOf(workflow.sync),
      seen: this.seen,
      scope: this.scope,
      ledger: new CountingLedger(),
      accepted: (key, hash) => accepted?.holds(key, hash) === true,
      onUnchanged: () => {
        this.rejects.taken()
      },
      onValid: () => {
        this.rejects.valid()
      },
      onRejected: ({ accounted, row, place, record, mapped = {}, rejection }) => {
        const message = maskText(rejection.message, [record, mapped], this.request.workflow.personal)
        this.rejected(this.rejects.invalid(accounted), { row, place, code: rejection.code, message })
      },
    })
  }

  async readAll(): Promise<void> {
    const { source, signal, workflow, store, limit, ports } = this.request
    const { moved } = this
    const whole = this.request.full === true || Object.keys(moved).length > 0
    const since = whole ? undefined : usableCursor(await store.cursor(workflow.name), ports.clock.now())
    const from = since && {
      since: { field: since.field, value: withLag(since.value, workflow.source.cursor?.lagMs ?? 0) },
    }
    for await (const page of source.read({ pageSize: 1000, signal, ...from })) {
      const segment = this.newSegment()
      const writes = this.intake.page(page, segment)
      const open = this.accepted?.without(writes) ?? writes
      this.count('skipped', writes.length - open.length)
      await this.judge(open, segment)
      this.tally.merge(segment.tally.snapshot())
      this.altered.add(segment.ledger.take())
      this.read += page.rows.length
      if (page.end)
        this.ended = since
          ? { complete: false, evidence: 'an incremental run reads only what changed.' }
          : page.end
      if (signal.aborted || (limit !== undefined && this.read >= limit)) break
    }
    this.altered.add(this.request.sourceLedger.take())
  }

  async deletes(): Promise<void> {
    const { target, workflow } = this.request
    const listed = target.keys !== undefined && workflow.sync.deleteScope === 'target'
    if (this.held || (!listed && forgetsGiven(this.moved))) return
    const deletes = new Deletes(this.request, this.seen, this.scope, this.accepted)
    const found = await deletes.find()
    this.held = deletes.guard(
      found,
      this.ended ?? { complete: false, evidence: 'the plan read only a part.' },
      this.request.approve,
    )
    this.count(this.held ? 'skipped' : 'deleted', found.count)
    if (!this.held) this.writes += found.count
    for (const keys of found.keys()) {
      for (const key of keys.slice(0, SAMPLES - this.samples.deleted.length))
        this.samples.deleted.push(this.mask(keyOfText(key, this.scope.key)))
    }
    found.drop()
  }

  plan(): Plan {
    const { workflow, target, ports, traffic } = this.request
    const { outcomes, rejectedBy } = this.tally.snapshot()
    this.count('rejected', outcomes.rejected.count)
    this.count('skipped', outcomes.skipped.count)
    const calls = Math.ceil(this.writes / batchSizeOf(workflow.sync, target.abilities))
    const spentMs = ports.clock.elapsed() - this.started
    const callMs = traffic.calls > 0 ? spentMs / traffic.calls : ASSUMED_CALL_MS
    const plan: Plan = {
      workflow: workflow.name,
      read: this.read,
      complete: this.ended !== undefined,
      outcomes: Object.fromEntries(this.counts),
      rejectedBy: this.withRefused(rejectedBy),
      samples: this.samples,
      altered: this.altered.take(),
      forecast: {
        writeCalls: calls,
        minutes: (spentMs + (calls * callMs) / workflow.sync.concurrency) / 60_000,
      },
    }
    if (this.held) plan.held = this.held
    this.seen.drop()
    return plan
  }

  /** One for each page: a plan saves nothing, so it keeps nothing. */
  private newSegment(): Segment {
    const { workflow, ports } = this.request
    return new Segment({
      run: 'plan',
      workflow: workflow.name,
      personal: workflow.personal,
      keyed: workflow.key.length > 0,
      dueMs: 0,
      remembers: false,
      now: () => ports.clock.now(),
    })
  }

  private async judge(writes: readonly PendingWrite[], segment: Segment): Promise<void> {
    if (writes.length === 0) return
    const { target, workflow } = this.request
    if (!target.plan) await this.judgeByMemory(writes, segment)
    else if (comparesItself(target, workflow)) await this.ask(writes, segment)
    else {
      const fresh = await this.notGiven(writes, segment)
      if (fresh.length > 0) await this.ask(fresh, segment)
    }
  }

  /** Of a target that can tell what a write would do, and in this mode not what it holds. */
  private async notGiven(
    writes: readonly PendingWrite[],
    segment: Segment,
  ): Promise<readonly PendingWrite[]> {
    const known = await this.remembered()
    return writes.filter((write) => {
      if (known.hash(write) !== write.hash) return true
      this.note(write, { outcome: 'unchanged' }, segment)
      return false
    })
  }

  private async remembered(): Promise<Known> {
    const { store, workflow } = this.request
    return (this.known ??= forgetsGiven(this.moved) ? NOTHING : await store.known(workflow.name))
  }

  /** Halves what the target refuses for its content, as a run does, until the records at fault stand alone. */
  private async ask(writes: readonly PendingWrite[], segment: Segment): Promise<void> {
    const { target, signal, workflow } = this.request
    let answers: readonly Answer[] | undefined
    try {
      answers = await target.plan?.(makeBatch(writes, this.scope), signal)
    } catch (error) {
      if (!(error instanceof Fault) || (error.then !== 'bisect' && error.then !== 'reject')) throw error
      const [only] = writes
      if (writes.length === 1 && only) {
        this.note(only, { outcome: 'rejected', code: error.code, message: error.detail }, segment)
        return
      }
      if ((this.bisections += 2) > workflow.sync.bisectionBudget) {
        this.count('unprocessed', writes.length)
        return
      }
      const middle = writes.length >> 1
      await this.ask(writes.slice(0, middle), segment)
      await this.ask(writes.slice(middle), segment)
      return
    }
    for (const [i, write] of writes.entries()) this.note(write, answers?.[i], segment)
  }

  /** For a target that cannot say: what it was last given, and its own record where it can be looked up. */
  private async judgeByMemory(writes: readonly PendingWrite[], segment: Segment): Promise<void> {
    const { workflow, target, signal, full } = this.request
    const known = await this.remembered()
    const left = full === true ? leftOutOfFull(target, workflow.sync) : 'given'
    if (left === 'held' && target.lookup) {
      const keys = writes.map(({ key }) => key)
      const found = await target.lookup(keys, signal)
      for (const [i, write] of writes.entries()) this.note(write, byHeld(write, found[i]), segment)
      return
    }
    for (const write of writes) {
      const hash = known.hash(write)
      if (hash === write.hash && left === 'given') this.note(write, { outcome: 'unchanged' }, segment)
      else if (hash === undefined || workflow.sync.mode === 'append')
        this.note(write, { outcome: 'created' }, segment)
      else {
        const wanted = target.lookup !== undefined && this.samples.updated.length < SAMPLES
        const [before] = wanted ? await (target.lookup?.([write.key], signal) ?? []) : []
        this.note(write, before ? { outcome: 'updated', before } : { outcome: 'updated' }, segment)
      }
    }
  }

  private note(write: PendingWrite, answer: Answer | undefined, segment: Segment): void {
    if (!answer || answer.outcome === 'retry') return
    this.count(answer.outcome, 1)
    if (answer.outcome === 'rejected') {
      const { code, message } = answer
      this.refused[code] = (this.refused[code] ?? 0) + 1
      const tripped = this.rejects.refused(write)
      this.rejected(tripped, { row: write.row, place: segment.placeOf(write.row), code, message })
      return
    }
    this.rejects.taken()
    if (answer.outcome === 'created' || answer.outcome === 'updated') this.writes++
    if (answer.outcome === 'created' && this.samples.created.length < SAMPLES)
      this.samples.created.push(this.mask(write.record))
    if (answer.outcome === 'updated' && this.samples.updated.length < SAMPLES)
      this.samples.updated.push(this.difference(write, answer.before))
  }

  private rejected(tripped: Tripped | undefined, sample: Plan['samples']['rejected'][number]): void {
    if (tripped?.hash !== this.request.approve) this.held ??= tripped
    if (this.samples.rejected.length < SAMPLES) this.samples.rejected.push(sample)
  }

  private withRefused(rejectedBy: Record<string, number>): Record<string, number> {
    const all = { ...rejectedBy }
    for (const [code, number] of Object.entries(this.refused)) all[code] = (all[code] ?? 0) + number
    return all
  }

  private difference(write: PendingWrite, before: DataRecord | undefined): FieldChange {
    const was = this.mask(before ?? {})
    const is = this.mask(write.record)
    const fields: FieldChange['fields'] = {}
    for (const field of Object.keys(write.record)) {
      const same =
        this.hasher.record(commonForm({ v: before?.[field] ?? null })).hex() ===
        this.hasher.record(commonForm({ v: write.record[field] ?? null })).hex()
      if (!same || (before !== undefined && !(field in before)))
        fields[field] = { before: was[field], after: is[field] }
    }
    return { key: this.mask(write.key), fields }
  }

  private mask(record: DataRecord): DataRecord {
    return maskRecord(record, this.request.workflow.personal)
  }

  private count(outcome: Outcome, by: number): void {
    if (by > 0) this.counts.set(outcome, (this.counts.get(outcome) ?? 0) + by)
  }
}

function byHeld(write: PendingWrite, held: DataRecord | undefined): Answer {
  if (held === undefined) return { outcome: 'created' }
  if (holds(held, write.record)) return { outcome: 'unchanged' }
  return write.operation === 'insert'
    ? { outcome: 'skipped', reason: 'exists' }
    : { outcome: 'updated', before: held }
}
