import { type Fault, noteFault } from '../fault'
import type { Left, RunRow } from '../store'
import { forgetOthers } from './addresses'
import { beginRun, earlierRun, endedRun, kindOf, putNotBegun } from './begin'
import { proposedLagMs, shownCursor } from './cursor'
import { isPersonalKey } from '../record/key-mask'
import { lockWorkflow, type Lease } from './lock'
import { isStaged, makeReceipt, useOf, type Receipt, type ReceiptDraft } from './receipt'
import { memoryToLeave } from './memory'
import type { SyncRequest } from './request'
import { Session } from './session'
import { asFault } from './writer'

/**
 * One run of a workflow, from where its last one was interrupted or from the start. Bad records do not throw: they are in
 * the receipt. A run that cannot go on has a receipt too, with the fault in it; what it settled is saved and the next
 * start goes on from there.
 * @throws Fault RUN_ALREADY_GOING, LEASE_LOST
 */
export async function runSync(request: SyncRequest): Promise<Receipt> {
  const { store, ports, workflow } = request
  for (;;) {
    const over = await endedRun(request)
    if (over) return over
    const earlier = await earlierRun(request)
    const id = earlier?.id ?? request.id ?? ports.signer.id()
    const lease = await lockWorkflow(store, ports.clock, workflow.name, id, request.owner)
    try {
      // that run may have ended before the lock was free
      if ((await endedRun(request)) ?? (await earlierRun(request))?.id !== earlier?.id) continue
      const { run, session } = await openSession(request, id, lease)
      return await concludeRun(request, run, session, lease)
    } finally {
      await lease.release()
    }
  }
}

/** Everything that a run needs before it reads. What is in its way is kept with the run. */
async function openSession(
  request: SyncRequest,
  id: string,
  lease: Lease,
): Promise<{ run: RunRow; session: Session }> {
  try {
    const moved = await forgetOthers(request)
    const run = await beginRun(request, id, moved)
    await expireOld(request)
    const whole = { ...request, full: run.full === true }
    return { run, session: await Session.open(whole, run, lease) }
  } catch (error) {
    // where the state cannot be written, this cannot either: the first fault is the one to tell
    await putNotBegun(request, id, asFault(error)).catch(() => undefined)
    throw error
  }
}

/** What is past its retention is emptied, of what it was known by, too, where that tells of a person. */
async function expireOld({ store, ports, workflow }: SyncRequest): Promise<void> {
  const { name, key, personal, reconcile, exceptions } = workflow
  const keys = [...key, ...reconcile.match.flatMap(({ on }) => on.map(({ field }) => field))]
  const now = ports.clock.now()
  const what = isPersonalKey(keys, personal) ? 'emptied' : 'kept'
  await store.inbox.expireExceptions(name, now - exceptions.retentionMs, now, what)
}

async function concludeRun(
  request: SyncRequest,
  run: RunRow,
  session: Session,
  lease: Lease,
): Promise<Receipt> {
  let fault: Fault | undefined
  try {
    await session.work()
  } catch (error) {
    fault = asFault(error)
    if (fault.code === 'LEASE_LOST') {
      await session.leave()
      throw fault
    }
    await session.abandon()
  }
  await lease.assertHeld()
  const status = statusOf(session, fault)
  const receipt = makeReceipt(draftOf(request, run, session, status, fault), session.account.tally.snapshot())
  return saveReceipt(request, run, session, receipt)
}

function statusOf(session: Session, fault: Fault | undefined): Receipt['status'] {
  if (session.held) return 'held'
  if (fault) return 'failed'
  if (!session.finished) return 'interrupted'
  const { tally } = session.account
  const open = tally.count('rejected') + tally.count('unprocessed') + tally.count('unknown')
  return open > 0 ? 'exceptions' : 'succeeded'
}

function draftOf(
  request: SyncRequest,
  run: RunRow,
  session: Session,
  status: Receipt['status'],
  fault: Fault | undefined,
): ReceiptDraft {
  const { workflow, ports } = request
  const draft: ReceiptDraft = {
    receipt: 1,
    run: run.id,
    kind: kindOf(request),
    workflow: workflow.name,
    title: workflow.title,
    mode: workflow.sync.mode,
    status,
    source: useOf(workflow.source),
    target: useOf(workflow.target),
    started: new Date(run.started).toISOString(),
    ended: new Date(ports.clock.now()).toISOString(),
    workedMs: Math.round(session.account.workedMs),
    attempts: run.attempts,
    altered: session.account.altered,
    traffic: request.traffic,
  }
  const progress = session.cursor?.progress()
  if (session.cursor && progress) {
    draft.cursor = { late: progress.late }
    if (run.since) draft.cursor.from = shownCursor(run.since, workflow.personal)
    const to = session.cursor.next()
    if (to) draft.cursor.to = shownCursor(to, workflow.personal)
    const lag = proposedLagMs(progress.late)
    if (lag !== undefined) draft.cursor.proposedLagMs = lag
  }
  if (!session.finished && isStaged(request.target, session.account.tally)) draft.staged = true
  if (session.held) draft.held = session.held
  if (fault && !session.held) draft.fault = noteFault(fault)
  return draft
}

/** An unbalanced receipt is a failed run, whatever else it says. */
async function saveReceipt(
  request: SyncRequest,
  run: RunRow,
  session: Session,
  receipt: Receipt,
): Promise<Receipt> {
  const { store } = request
  const final: Receipt = receipt.balanced ? receipt : { ...receipt, status: 'failed' }
  const row: RunRow = { ...run, status: final.status, ended: request.ports.clock.now(), receipt: final }
  if (session.held) row.held = session.held
  else delete row.held
  // the rest of a retry that cannot go on stays what it was: exceptions
  const over =
    run.kind === 'retry' ? final.status !== 'interrupted' : session.finished && final.status !== 'failed'
  if (over) await store.closeRun(row, session.finished ? await leftOf(request, run, session) : {})
  else await store.putRun(row)
  return final
}

async function leftOf(request: SyncRequest, run: RunRow, session: Session): Promise<Left> {
  const left: Left = { settled: session.gone }
  const cursor = session.cursor?.next()
  const memory = await memoryToLeave(request, run)
  if (cursor) left.cursor = cursor
  if (memory) left.memory = memory
  return left
}
