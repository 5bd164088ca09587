import { asFault } from '../bulk-sync/writer'
import { noteFault } from '../fault'
import type { Ports } from '../ports'
import { canonicalText } from '../record/canonical'
import { parseJson } from '../format/json'
import type { RunRow, Store } from '../store'
import type { Workflow } from '../workflow'
import { raiseBreaks } from './raise'
import { reconcile } from './reconcile'
import type { Reconciliation } from './reconciliation'
import type { ReconcileProgress } from './request'
import type { SideInput } from './side'
import { TREND_LENGTH, trendOf } from './trend'

export interface ReconcileRun {
  workflow: Workflow
  source: SideInput
  target: SideInput
  ports: Ports
  store: Store
  /** Of the run, for who has to know it before it begins. */
  id?: string
  signal: AbortSignal
  onProgress?: (progress: ReconcileProgress) => void
  /** Whether open breaks become exceptions, whatever the settings say. */
  exceptions?: boolean
}

const STATUS = { 'ties-out': 'succeeded', breaks: 'exceptions', failed: 'failed' } as const

/** One reconciliation as a run: its breaks, its result and what follows from it are in the store. */
export async function runReconciliation(request: ReconcileRun): Promise<Reconciliation> {
  const { ports, store } = request
  const run: RunRow = { ...rowOf(request), status: 'running', attempts: 1 }
  await store.putRun(run)
  try {
    const result = await reconcileInto(request, run.id)
    const { status, fault } = result
    const ended = ports.clock.now()
    await store.putRun({ ...run, status: STATUS[status], ended, ...(fault ? { fault } : {}) })
    return result
  } catch (error) {
    await putFailed(run, request, error)
    throw error
  }
}

/** For what is in the way before both sides are open: it is listed as a run that failed. */
export function listNotCompared(request: Wanted, error: unknown): Promise<void> {
  if (request.signal.aborted) return Promise.resolve()
  return putFailed({ ...rowOf(request), attempts: 0 }, request, error)
}

type Wanted = Pick<ReconcileRun, 'workflow' | 'ports' | 'store' | 'id' | 'signal'>

function rowOf({ workflow, ports, id }: Wanted): Omit<RunRow, 'status' | 'attempts'> {
  return {
    id: id ?? ports.signer.id(),
    workflow: workflow.name,
    kind: 'reconcile',
    started: ports.clock.now(),
    definition: definitionHash(workflow, ports),
  }
}

/** Where the state cannot be written, this cannot either: the first fault is the one to tell. */
function putFailed(run: Omit<RunRow, 'status'>, { ports, store }: Wanted, error: unknown): Promise<void> {
  const fault = noteFault(asFault(error))
  return store.putRun({ ...run, status: 'failed', ended: ports.clock.now(), fault }).catch(() => undefined)
}

async function reconcileInto(request: ReconcileRun, id: string): Promise<Reconciliation> {
  const { workflow, source, target, ports, store, signal, onProgress } = request
  const { reconciliations, inbox } = store
  const breaks = reconciliations.breakLog(id)
  const result = await reconcile({
    id,
    workflow,
    source,
    target,
    ports,
    breaks,
    decisions: await reconciliations.decisions(workflow.name),
    ages: reconciliations.ages(workflow.name),
    trend: trendOf(await reconciliations.reconciliations({ workflow: workflow.name, limit: TREND_LENGTH })),
    signal,
    ...(onProgress ? { onProgress } : {}),
  })
  await reconciliations.saveReconciliation(result)
  const at = ports.clock.now()
  if (result.status !== 'failed' && (request.exceptions ?? workflow.reconcile.exceptions))
    await raiseBreaks(breaks, { workflow, run: id, at, inbox })
  await inbox.addEvent({
    at,
    type: 'reconciliation.ended',
    workflow: workflow.name,
    run: id,
    who: `run ${id}`,
    facts: {
      status: result.status,
      ...stateCounts(result),
      ...(result.fault ? { fault: result.fault.code } : {}),
    },
  })
  return result
}

function stateCounts({ breaks: { open, pending, accepted } }: Reconciliation): Record<string, number> {
  return { open, pending, accepted }
}

function definitionHash({ key, source, target, map, reconcile: settings }: Workflow, ports: Ports): string {
  const what = parseJson(JSON.stringify({ key, source, target, map, settings }))
  return ports.signer.digest('sha256', canonicalText(what), 'hex').slice(0, 16)
}
