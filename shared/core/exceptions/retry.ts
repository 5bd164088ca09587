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
import { Picker } from './picker'
import type { Settled } from './store'

export type RetryRequest = Omit<SyncRequest, 'redrive' | 'restart' | 'full' | 'approve'> & { retry: Retry }

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
  /** Exceptions of a file that was sent: the source does not speak for them. They stay open until one moves them. */
  uploaded: readonly number[]
}

/**
 * Sends chosen records again, as the source has them now and with their fixes: a run like a sync, with its own receipt,
 * journal and checkpoints, over only these records. What the target holds already is not written, and nothing is
 * deleted. A retry that was interrupted is finished first: it goes on with what it had chosen.
 * @throws Fault RETRY_EMPTY, RETRY_AFTER_SYNC, RUN_ALREADY_GOING
 */
export async function runRetry(request: RetryRequest): Promise<Retried> {
  const { store, workflow, source, mapper, ports } = request
  const { retry } = request
  const all = await loadChosen(store, workflow, retry.choice)
  const chosen = all.filter(({ uploaded }) => !uploaded)
  // an interrupted one may have nothing left to do but to end
  if (chosen.length === 0 && !(await store.unfinished(workflow.name, 'retry')))
    throw nothingToSend(workflow, all.length)
  await assertNothingInDoubt(request)
  const { map, key } = workflow
  const { rate, stale, again } = retry
  const picker = new Picker({ source, mapper, map, key }, chosen)
  const keyed = new KeyedSource({ picker, typed: source.typed, clock: ports.clock, rate, stale, again })
  const receipt = await runSync({
    ...request,
    workflow: retriedWorkflow(request),
    source: keyed,
    full: true,
    redrive: { retry, of: keyed.of },
  })
  const missing = chosen.filter(({ subject }) => !keyed.found.has(subject))
  const whole = (receipt.status === 'succeeded' || receipt.status === 'exceptions') && receipt.attempts === 1
  const known = whole && picker.strangers === 0
  const gone = known ? missing.filter(({ targetOnly }) => !targetOnly) : []
  await settleGone(request, gone, receipt)
  return {
    receipt,
    chosen: all.length,
    gone: exceptionsOf(gone),
    stale: exceptionsOf(keyed.stale),
    targetOnly: exceptionsOf(missing.filter(({ targetOnly }) => targetOnly)),
    uploaded: exceptionsOf(all.filter(({ uploaded }) => uploaded)),
  }
}

function nothingToSend({ name }: Workflow, uploaded: number): Fault {
  const why =
    uploaded === 0
      ? ''
      : ` What was chosen came in a file that was sent, and ${name} reads another source: correct that file and send it again.`
  return new Fault('RETRY_EMPTY', `Nothing of ${name} is to be sent again.${why}`, { workflow: name })
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
      mode: retriedMode(workflow),
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
    `Run ${sync.id} of ${workflow.name} was interrupted while it wrote, and the target would hold a repeated record twice. Finish it first: tieout sync ${workflow.name}`,
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
