import { Fault, noteFault } from '../fault'
import { Hasher } from '../record/hash'
import type { DataRecord } from '../record/value'
import { CountingLedger } from '../record/ledger'
import type { Answer, Operation } from '../connector'
import { holds } from '../record/canonical'
import { hashOf } from '../record/checksum'
import { keyOfText } from '../record/key'
import type { Change, RunRow } from '../store'
import { unpackChanges } from './change-log'
import { openIntents } from './intents'
import { addressesOf, isSamePlace } from './addresses'
import { commonForm } from './forms'
import { lockWorkflow } from './lock'
import { Tally } from './outcome'
import { makeBatch, PendingWrite, type WriteScope, writeScope } from './pending'
import { isStaged, makeReceipt, useOf, type Receipt } from './receipt'
import { batchSizeOf, deletesOnlyWritten } from './settings'
import { Segment, type Settlement } from './segment'
import type { SyncRequest } from './request'
import { asFault, Writer } from './writer'

export type UndoRequest = Pick<
  SyncRequest,
  'workflow' | 'target' | 'ports' | 'store' | 'traffic' | 'targetLedger' | 'owner' | 'signal' | 'id'
>

/**
 * Writes back what a run changed, newest first, and only where the target still holds what the run wrote: whatever
 * somebody changed since is left alone and becomes an exception. An undo is a run of its own, with a receipt.
 * @throws Fault UNDO_NOT_POSSIBLE, RUN_UNKNOWN, RUN_ALREADY_GOING
 */
export async function undoRun(request: UndoRequest, undone: string): Promise<Receipt> {
  const { store, ports, workflow } = request
  const run = await store.run(undone)
  if (!run) throw new Fault('RUN_UNKNOWN', `There is no run ${undone} here.`, { run: undone })
  assertUndoable(request, run)
  const id = request.id ?? ports.signer.id()
  const lease = await lockWorkflow(store, ports.clock, workflow.name, id, request.owner)
  try {
    return await new Undo(request, id).work(undone)
  } finally {
    await lease.release()
  }
}

function assertUndoable({ target, workflow }: UndoRequest, run: RunRow): void {
  const evidence = { run: run.id, workflow: workflow.name }
  if (!target.lookup)
    throw new Fault(
      'UNDO_NOT_POSSIBLE',
      `${workflow.target.connection} cannot look up records by key.`,
      evidence,
    )
  const now = addressesOf({ target, workflow })
  const { target: wrote = now.target, key: by = now.key } = run.addresses ?? {}
  if (wrote !== undefined && now.target !== undefined && !isSamePlace(wrote, now.target))
    throw new Fault(
      'UNDO_NOT_POSSIBLE',
      `Run ${run.id} wrote to ${wrote}; ${workflow.name} writes to ${now.target} by now.`,
      evidence,
    )
  // what was there before may have the same key: it would be taken away with it
  if ((run.receipt?.mode ?? workflow.sync.mode) === 'append')
    throw new Fault(
      'UNDO_NOT_POSSIBLE',
      `Run ${run.id} appended; its records cannot be told from those that were there.`,
      evidence,
    )
  if (workflow.key.length === 0)
    throw new Fault('UNDO_NOT_POSSIBLE', `${workflow.name} has no key.`, evidence)
  if (by !== now.key)
    throw new Fault(
      'UNDO_NOT_POSSIBLE',
      `Run ${run.id} knew records by ${by ?? ''}; ${workflow.name} knows them by ${now.key ?? ''} by now.`,
      evidence,
    )
  if (run.status === 'running')
    throw new Fault('UNDO_NOT_POSSIBLE', `Run ${run.id} is still under way; stop it first.`, evidence)
}

class Undo {
  private readonly hasher = new Hasher()
  private readonly scope: WriteScope
  private readonly tally = new Tally()
  /** Before it had gone through the whole journal. */
  private stopped = false

  constructor(
    private readonly request: UndoRequest,
    private readonly id: string,
  ) {
    this.scope = writeScope(request.workflow, id)
  }

  async work(undone: string): Promise<Receipt> {
    const { store, target, ports, signal, targetLedger } = this.request
    const started = ports.clock.now()
    const row: RunRow = {
      id: this.id,
      workflow: this.request.workflow.name,
      kind: 'undo',
      status: 'running',
      started,
      attempts: 1,
      definition: undone,
    }
    await store.putRun(row)
    let fault: Fault | undefined
    try {
      for await (const changes of store.changes(undone)) {
        if ((this.stopped = signal.aborted)) break
        await this.segment(unpackChanges(changes))
      }
      if (!this.stopped) await target.finish?.(new AbortController().signal)
    } catch (error) {
      fault = asFault(error)
    }
    const receipt = this.receipt(started, fault)
    targetLedger.take()
    await store.closeRun({ ...row, status: receipt.status, ended: ports.clock.now(), receipt })
    return receipt
  }

  private async segment(changes: readonly Change[]): Promise<void> {
    const { request } = this
    const { target, store, ports, workflow, signal } = request
    const segment = new Segment({
      run: this.id,
      workflow: workflow.name,
      personal: workflow.personal,
      keyed: true,
      dueMs: workflow.exceptions.dueMs,
      remembers: !target.abilities.compares || deletesOnlyWritten(workflow.sync),
      now: () => ports.clock.now(),
    })
    const held =
      (await target.lookup?.(
        changes.map((change) => keyOfText(change.key, this.scope.key)),
        signal,
      )) ?? []
    const writer = new Writer({
      target,
      scope: this.scope,
      clock: ports.clock,
      signal,
      concurrency: 1,
      retry: workflow.sync.retry,
      bisectionBudget: workflow.sync.bisectionBudget,
      intents: await openIntents(store, this.id, target.abilities),
      onRetry: () => {
        request.traffic.retries++
      },
    })
    const byOperation = new Map<Operation, PendingWrite[]>()
    for (const [i, change] of changes.entries()) {
      const planned = this.plan(change, held[i])
      segment.tally.readFromSource(planned.write)
      segment.expect(planned.write)
      if (planned.settlement) segment.settle(planned.write, planned.settlement)
      else
        byOperation.set(planned.write.operation, [
          ...(byOperation.get(planned.write.operation) ?? []),
          planned.write,
        ])
    }
    const size = batchSizeOf(workflow.sync, target.abilities)
    for (const writes of byOperation.values()) {
      for (let from = 0; from < writes.length; from += size) {
        await writer.submit(makeBatch(writes.slice(from, from + size), this.scope), (write, settlement) => {
          segment.settle(write, settlement)
        })
      }
    }
    await writer.quiet()
    segment.abandon()
    this.tally.merge(segment.tally.snapshot())
    await store.commit({
      run: this.id,
      workflow: workflow.name,
      checkpoint: {
        position: '',
        row: 0,
        deletes: 0,
        keyless: 0,
        tally: this.tally.snapshot(),
        ledger: {},
        bisections: 0,
        cursor: undefined,
        traffic: { ...request.traffic },
        workedMs: 0,
      },
      seen: segment.seen,
      known: segment.known.packed,
      changes: segment.changes.packed,
      failures: segment.failures,
      settled: segment.settled,
      dueMs: workflow.exceptions.dueMs,
      at: ports.clock.now(),
    })
    await writer.drain()
  }

  /** What to write back, or why not. */
  private plan(
    change: Change,
    held: DataRecord | undefined,
  ): { write: PendingWrite; settlement?: Settlement } {
    const key = keyOfText(change.key, this.scope.key)
    if (change.operation === 'created') {
      const write = this.write('delete', key, {}, true)
      if (!held) return { write, settlement: { outcome: 'skipped', reason: 'absent' } }
      return this.stillThere(change, held) ? { write } : { write, settlement: CHANGED_SINCE }
    }
    const write = this.write('upsert', key, change.before, held !== undefined)
    if (!change.before) return { write, settlement: BEFORE_UNKNOWN }
    // by an undo that was stopped, or by hand
    if (held && holds(held, write.record)) return { write, settlement: { outcome: 'unchanged' } }
    const untouched =
      change.operation === 'deleted' ? !held : held !== undefined && this.stillThere(change, held)
    return untouched ? { write } : { write, settlement: CHANGED_SINCE }
  }

  /** Whether the target's record has the values that the run wrote: its hash over the fields that were written. */
  private stillThere(change: Change, held: DataRecord): boolean {
    const written: DataRecord = {}
    for (const field of change.fields) {
      const value = held[field]
      if (value !== undefined) written[field] = value
    }
    const { a, b } = this.hasher.record(commonForm(written))
    return a === change.hash[0] && b === change.hash[1]
  }

  private write(
    operation: Operation,
    key: DataRecord,
    before: DataRecord | undefined,
    exists: boolean,
  ): PendingWrite {
    const record = { ...before, ...key }
    const hash = hashOf(this.hasher, key, this.scope.key, record)
    return new PendingWrite(operation, record, this.scope, 0, hash, record, exists)
  }

  private receipt(started: number, fault: Fault | undefined): Receipt {
    const { workflow, ports, traffic } = this.request
    const open = this.tally.count('rejected') + this.tally.count('unprocessed') + this.tally.count('unknown')
    const ended = ports.clock.now()
    const use = useOf(workflow.target)
    return makeReceipt(
      {
        receipt: 1,
        run: this.id,
        kind: 'undo',
        workflow: workflow.name,
        title: workflow.title,
        mode: 'undo',
        status: fault ? 'failed' : this.stopped ? 'interrupted' : open > 0 ? 'exceptions' : 'succeeded',
        source: use,
        target: use,
        started: new Date(started).toISOString(),
        ended: new Date(ended).toISOString(),
        workedMs: ended - started,
        attempts: 1,
        altered: new CountingLedger().take(),
        traffic,
        ...((fault ?? this.stopped) && isStaged(this.request.target, this.tally) ? { staged: true } : {}),
        ...(fault ? { fault: noteFault(fault) } : {}),
      },
      this.tally.snapshot(),
    )
  }
}

const CHANGED_SINCE: Answer & Settlement = {
  outcome: 'rejected',
  code: 'CHANGED_SINCE',
  message: 'The target holds something else than the run sent; it was left as it is.',
}
const BEFORE_UNKNOWN: Answer & Settlement = {
  outcome: 'rejected',
  code: 'BEFORE_UNKNOWN',
  message: 'The target did not tell what it held before the run.',
}
