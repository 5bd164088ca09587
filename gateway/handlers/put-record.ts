import { isErrorCode } from '../../shared/contract/errors'
import type { Outcome } from '../../shared/core/bulk-sync/outcome'
import { Fault } from '../../shared/core/fault'
import { keyRecord } from '../../shared/core/record/key'
import { isObject, textOf as textOfValue, type DataRecord } from '../../shared/core/record/value'
import type { Workflow } from '../../shared/core/workflow'
import type { Call, Handler } from '../call'
import type { Job } from '../jobs/jobs'
import type { Limits } from '../limits/limits'
import { examined } from '../records/examine'
import { faultOf, problemsOf, refusedFault } from '../records/upload-answer'
import { invalid } from '../refused-body'
import { callerOf } from './rights'
import { workflowIn } from './workflow-in'

/** Below what any proxy on the way waits for. */
const PATIENCE_MS = 50_000
/** How long it stands in line behind another run of the workflow. */
const QUEUE_MS = 10_000

/** The real-time path: a run of one record, which is kept only where it failed. */
export function putHandler(limits: Limits): Handler {
  return async (call) => {
    const caller = callerOf(call)
    const { jobs } = caller.tenant
    const workflow = workflowIn(call)
    const record = await recordIn(call)
    const mapped = examined(workflow, record)
    const key = keyRecord(mapped, workflow.key)
    assertKey(call, workflow, key)
    const claim = call.claim?.id
    let job = claim === undefined ? undefined : await jobs.job(claim)
    if (!job) limits.take(caller, { records: 1 })
    if (!job || brokeOff(job)) {
      const given = claim === undefined ? {} : { run: claim }
      const { client } = caller
      job = await jobs.start({
        workflow: workflow.name,
        kind: 'upload',
        options: {},
        client,
        record,
        ...given,
      })
    }
    const done = await patiently(call, job)
    return { status: 200, content: { json: { run: done.run, outcome: await outcomeOf(call, done), key } } }
  }
}

async function recordIn({ body }: Call): Promise<DataRecord> {
  const value = await body.json()
  if (isObject(value)) return { ...value }
  throw invalid('#', 'the body must be a JSON object: one record')
}

/** @throws Fault KEY_MISMATCH */
function assertKey({ path }: Call, { name, key }: Workflow, record: DataRecord): void {
  const own = key.map((field) => textOfValue(record[field]))
  const segment = path.split('?')[0]?.replace(/\/+$/, '').split('/').at(-1) ?? ''
  const given = segment.split(',').map(decoded)
  if (own.length === given.length && own.every((part, i) => part === given[i])) return
  throw new Fault(
    'KEY_MISMATCH',
    `The address names ${String(given.length)} part(s) of a key that are not those of the record; the key of ${name} is ${key.join(',')}.`,
    { workflow: name, key: key.join(',') },
  )
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** @throws Fault RUN_ALREADY_GOING, GATEWAY_BUSY */
async function patiently(call: Call, { run, workflow }: Job): Promise<Job> {
  const { jobs } = callerOf(call).tenant
  const first = await jobs.wait(run, QUEUE_MS, call.signal)
  if (first.state === 'queued') {
    await jobs.cancel(run)
    throw new Fault(
      'RUN_ALREADY_GOING',
      `${workflow} is being run, and the record had to wait too long.`,
      { workflow, run },
      5000,
    )
  }
  const job = isOver(first) ? first : await jobs.wait(run, PATIENCE_MS - QUEUE_MS, call.signal)
  if (isOver(job)) return job
  throw new Fault('GATEWAY_BUSY', `Run ${run} is not over yet.`, { run }, 5000)
}

function isOver({ state }: Job): boolean {
  return state !== 'queued' && state !== 'running'
}

/** Its run is gone on with, under the same id. */
function brokeOff({ state }: Job): boolean {
  return state === 'failed' || state === 'cancelled' || state === 'interrupted'
}

/** @throws Fault RECORDS_REFUSED, and whatever kept the target from being written */
async function outcomeOf(call: Call, job: Job): Promise<Outcome> {
  const { tenant } = callerOf(call)
  const fault = faultOf(job)
  if (fault) throw fault
  const { outcomes } = job.receipt ?? {}
  const outcome = WRITTEN.find((one) => (outcomes?.[one].count ?? 0) > 0)
  if (outcome) return outcome
  const [failure] = await tenant.workspace.failures({ run: job.run, limit: 1 })
  if (!failure || failure.outcome === 'rejected') throw refusedFault(job, await problemsOf(tenant, job))
  throw new Fault(isErrorCode(failure.code) ? failure.code : 'OUTCOME_UNKNOWN', failure.message, {
    run: job.run,
  })
}

const WRITTEN = ['created', 'updated', 'unchanged', 'skipped'] as const
