import { type Fault, noteFault } from '../fault'
import { Hasher } from '../record/hash'
import type { Addresses, RunRow } from '../store'
import type { Workflow } from '../workflow'
import { addressesOf } from './addresses'
import { usableCursor } from './cursor'
import { lockWorkflow } from './lock'
import type { Receipt } from './receipt'
import type { SyncRequest } from './request'
import { asFault } from './writer'

/** What is known of a run before its source and target are open. */
type Wanted = Pick<
  SyncRequest,
  'workflow' | 'store' | 'ports' | 'owner' | 'signal' | 'id' | 'upload' | 'redrive'
>

export function kindOf({ redrive, upload }: Wanted): 'sync' | 'upload' | 'retry' {
  if (redrive) return 'retry'
  return upload === true ? 'upload' : 'sync'
}

/** The receipt of a run that ended before whoever asked for it by its id could note that. */
export async function endedRun({ store, id }: Wanted): Promise<Receipt | undefined> {
  const run = id === undefined ? undefined : await store.run(id)
  return run?.status === 'succeeded' || run?.status === 'exceptions' ? run.receipt : undefined
}

/** An interrupted run goes on; an upload only with its own. */
export async function earlierRun(request: Wanted): Promise<RunRow | undefined> {
  const { store, workflow, id } = request
  const kind = kindOf(request)
  if (kind === 'upload') return id === undefined ? undefined : store.run(id)
  return store.unfinished(workflow.name, kind)
}

/** The run to go on with: an interrupted one under the same definition, else a new one. */
export async function beginRun(request: SyncRequest, id: string, moved: Addresses): Promise<RunRow> {
  const { store, ports, workflow } = request
  const definition = definitionHash(workflow)
  const earlier = await store.run(id)
  const begun = earlier !== undefined && earlier.attempts > 0
  const since =
    request.full === true ? undefined : usableCursor(await store.cursor(workflow.name), ports.clock.now())
  const run: RunRow = {
    id,
    workflow: workflow.name,
    kind: kindOf(request),
    status: 'running',
    started: earlier?.started ?? ports.clock.now(),
    attempts: (earlier?.attempts ?? 0) + 1,
    definition,
    addresses: addressesOf(request),
  }
  const same = Object.keys(moved).length === 0
  const wanted = request.full === true && earlier?.full !== true
  const goesOn = begun && same && earlier.definition === definition && request.restart !== true && !wanted
  if (begun && !goesOn) await store.dropCheckpoint(id)
  const from = goesOn ? earlier.since : since
  if (request.full === true || (goesOn && earlier.full === true)) run.full = true
  if (request.redrive) run.retry = request.redrive.retry
  if (from && workflow.source.cursor?.field === from.field) run.since = from
  if (goesOn && earlier.released !== undefined) run.released = earlier.released
  if (goesOn && earlier.held && earlier.held.hash === request.approve) run.held = earlier.held
  await store.putRun(run)
  return run
}

/**
 * For what is in the way before there is a run, such as a target that is out of reach: it is listed as one that failed, so
 * that it is seen in the morning. An interrupted run that was to be gone on with keeps all it has.
 */
export async function listNotOpened(request: Wanted, error: unknown): Promise<void> {
  const { store, ports, workflow, owner } = request
  const fault = asFault(error)
  if (request.signal.aborted || fault.code === 'RUN_ALREADY_GOING' || (await endedRun(request))) return
  const id = (await earlierRun(request))?.id ?? request.id ?? ports.signer.id()
  const lease = await lockWorkflow(store, ports.clock, workflow.name, id, owner)
  try {
    await putNotBegun(request, id, fault)
  } finally {
    await lease.release()
  }
}

/** While the workflow is locked. */
export async function putNotBegun(request: Wanted, id: string, fault: Fault): Promise<void> {
  const { store, ports, workflow } = request
  const kind = kindOf(request)
  const now = ports.clock.now()
  const there = await store.run(id)
  const begun = there !== undefined && there.attempts > 0
  const fresh = {
    id,
    workflow: workflow.name,
    kind,
    started: now,
    attempts: 0,
    definition: definitionHash(workflow),
  }
  await store.putRun({
    ...(begun ? there : fresh),
    // a retry that failed is over
    status: begun && kind === 'retry' ? 'interrupted' : 'failed',
    ended: now,
    fault: noteFault(fault),
  })
}

/** Changes of title do not matter to a run under way. */
function definitionHash(workflow: Workflow): string {
  const { name, schema, key, source, target, map, sync } = workflow
  const { mode, deletes, softDelete, restore } = sync
  const what = JSON.stringify([name, schema, key, source, target, map, mode, deletes, softDelete, restore])
  return new Hasher().text(what).hex()
}
