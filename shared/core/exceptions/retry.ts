import type { Receipt } from '../bulk-sync/receipt'
import type { SyncRequest } from '../bulk-sync/request'
import { batchSizeOf } from '../bulk-sync/settings'
import { runSync } from '../bulk-sync/sync'
import { Fault } from '../fault'
import type { Workflow } from '../workflow'
import type { Retry } from './choice'
import { loadChosen, type Chosen } from './chosen'
import { KeyedSource } from './keyed-source'
import { runName, without } from './lifecycle'
import { Picker, type FileOf } from './picker'
import type { Settled } from './store'

export type RetryRequest = Omit<SyncRequest, 'redrive' | 'restart' | 'full' | 'approve'> & {
  retry: Retry
  /** What its choice leads to, where that is loaded already. */
  chosen?: readonly Chosen[]
  fileOf?: FileOf | undefined
}

/** What became of a retry, beyond its receipt: what it did not send, and why. */
export interface Retried {
  receipt: Receipt
  /** Records that were chosen. */
  chosen: number
  /** Exceptions whose record is no longer in the source; they are resolved. */
  gone: readonly number[]
  /** Exceptions whose fix no longer fits the record that the source has now; they stay open. */
  stale: readonly number[]
  /** Exceptions about records that only the target has; deleting is for the next mirror run. */
  targetOnly: readonly number[]
  /**
   * Exceptions that came in files of which nothing was read: they are not kept here any more, were sent in another mode than
   * this run writes in, or cannot be read there. They stay open.
   */
  uploaded: readonly number[]
  /** Exceptions about records that the target has under another key, and would have twice. They stay open. */
  otherKey: readonly number[]
}

/**
 * Sends chosen records again, as the source has them now and with their fixes: a run like a sync, with its own receipt,
 * journal and checkpoints, over only these records. What the target holds already is not written, and nothing is
 * deleted. A retry that was interrupted is finished first: it goes on with what it had chosen.
 * @throws Fault RETRY_EMPTY, RETRY_AFTER_SYNC, RUN_ALREADY_GOING
 */
export async function runRetry(request: RetryRequest): Promise<Retried> {
  const { store, workflow, source, mapper, ports, fileOf } = request
  const { retry } = request
  const all = request.chosen ?? (await loadChosen(store, workflow, retry.choice))
  const chosen = all.filter(({ otherKey }) => otherKey !== true)
  const otherKey = all.filter((one) => one.otherKey === true)
  await assertSomething(request, chosen, otherKey)
  await assertNothingInDoubt(request)
  const { map, key } = workflow
  const { rate, stale, again } = retry
  const picker = new Picker({ source, mapper, map, key, fileOf }, chosen)
  const keyed = new KeyedSource({
    picker,
    typed: source.typed,
    mapper,
    clock: ports.clock,
    sealing: { workflow: workflow.name, sealer: ports.sealer },
    rate,
    stale,
    again,
  })
  const receipt = await runSync({
    ...request,
    workflow: retriedWorkflow(request),
    source: keyed,
    mapper: keyed.mapper,
    full: true,
    redrive: { retry, of: keyed.of, sentTo: keyed.sentTo },
  })
  const lost = new Set([...picker.lost, ...keyed.unreadable])
  const missing = chosen.filter((one) => !keyed.found.has(one.subject) && !lost.has(one))
  const whole = (receipt.status === 'succeeded' || receipt.status === 'exceptions') && receipt.attempts === 1
  const known = whole && picker.strangers === 0
  const gone = known ? missing.filter(({ targetOnly, upload }) => !targetOnly && upload === undefined) : []
  await settleGone(request, gone, receipt)
  return {
    receipt,
    chosen: chosen.length,
    gone: exceptionsOf(gone),
    stale: exceptionsOf(keyed.stale),
    targetOnly: exceptionsOf(missing.filter(({ targetOnly }) => targetOnly)),
    uploaded: exceptionsOf([...lost]),
    otherKey: exceptionsOf(otherKey),
  }
}

/** An interrupted one may have nothing left to do but to end. */
async function assertSomething(
  { store, workflow, fileOf }: RetryRequest,
  chosen: readonly Chosen[],
  otherKey: readonly Chosen[],
): Promise<void> {
  const { name } = workflow
  if (chosen.some(({ upload }) => upload === undefined)) return
  for (const run of new Set(chosen.flatMap(({ upload }) => upload ?? []))) {
    const file = await fileOf?.(run)
    await file?.close()
    if (file) return
  }
  if (await store.unfinished(name, 'retry')) return
  if (chosen.length === 0 && otherKey.length > 0)
    throw new Fault(
      'RETRY_EMPTY',
      `The target has what was chosen of ${name} under another key, and would have it twice: bring the key into the form of the target under map.`,
      { workflow: name, records: otherKey.length },
    )
  if (chosen.length === 0)
    throw new Fault('RETRY_EMPTY', `Nothing of ${name} is to be sent again.`, { workflow: name })
  const detail = `What was chosen of ${name} came in files that were sent, and they are not kept here, or no longer: correct them and send them again.`
  throw new Fault('UPLOAD_GONE', detail, { workflow: name, exceptions: chosen.length })
}

/** A retry deletes nothing, has no cursor and trips no guard; with a rate no batch is larger than a second's worth. */
function retriedWorkflow({ workflow, target, retry }: RetryRequest): Workflow {
  const { sync } = workflow
  const source = without(workflow.source, 'cursor')
  const most = retry.rate === undefined ? Infinity : Math.max(1, Math.floor(retry.rate))
  return {
    ...workflow,
    source,
    sync: {
      ...sync,
      mode: retry.mode ?? retriedMode(workflow),
      deletes: 'none',
      guards: { deletes: {}, rejects: {} },
      batch: Math.min(batchSizeOf(sync, target.abilities), most),
    },
  }
}

/** How the target has to be opened for a retry. */
export function retriedMode({ sync }: Workflow): Workflow['sync']['mode'] {
  return sync.mode === 'mirror' ? 'upsert' : sync.mode
}

/** A sync that was killed may have sent records that such a target would hold twice; it knows which, a retry does not. */
async function assertNothingInDoubt({ store, workflow, target }: RetryRequest): Promise<void> {
  if (target.abilities.repeat !== 'doubles') return
  const sync = await store.unfinished(workflow.name)
  const open = sync ? await store.intents(sync.id) : []
  if (!sync || open.length === 0) return
  throw new Fault(
    'RETRY_AFTER_SYNC',
    `Run ${sync.id} of ${workflow.name} was interrupted while it wrote, and the target would hold a repeated record twice. Finish it first: sync ${workflow.name}.`,
    { workflow: workflow.name, run: sync.id },
  )
}

async function settleGone(
  { store, workflow, ports }: RetryRequest,
  gone: readonly Chosen[],
  { run }: Receipt,
): Promise<void> {
  if (gone.length === 0) return
  const evidence = `the source no longer has it (run ${run})`
  const settled = gone.map(({ subject }): Settled => ({ subject, how: 'gone', evidence }))
  await store.inbox.settle(workflow.name, settled, { who: runName(run), at: ports.clock.now(), run })
}

function exceptionsOf(chosen: readonly Chosen[]): number[] {
  return chosen.flatMap(({ exception }) => exception ?? [])
}
