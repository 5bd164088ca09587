import type { runs } from '../../shared/contract/operations/runs'
import { Fault } from '../../shared/core/fault'
import { isObject, type DataRecord } from '../../shared/core/record/value'
import type { Answer, Call, Handlers } from '../call'
import { isElsewhere } from '../jobs/elsewhere'
import type { Job } from '../jobs/jobs'
import { flags, texts } from '../jobs/options'
import { invalid } from '../refused-body'
import { LONGEST_WAIT_SECONDS } from '../settles'
import { pageAnswer, pageOf } from './page'
import { needed, numberOf, textOf } from './parameter'
import { assertMayUse, callerOf, mayUse } from './rights'
import { pollAfter, runView } from './run-view'
import { runFile } from './run-files'
import { workflowIn } from './workflow-in'

const KINDS: readonly Job['kind'][] = ['sync', 'undo', 'retry', 'plan', 'reconcile', 'upload', 'decide']
/** How long a request waits by itself for what may be quick. */
const PATIENCE_MS = 1000

export const runHandlers: Handlers<keyof typeof runs> = {
  startRun: async (call) => {
    const { tenant, client } = callerOf(call)
    const body = await optionalBody(call)
    const { kind = 'sync' } = body
    const options = optionsIn(body)
    if (kind !== 'sync' && kind !== 'plan' && kind !== 'reconcile')
      throw invalid('#/kind', 'must be sync, plan or reconcile')
    return begun(
      call,
      await tenant.jobs.start({
        workflow: workflowIn(call).name,
        kind,
        options,
        client,
        claim: call.claim?.id,
      }),
    )
  },

  listRuns: async (call) => {
    const caller = callerOf(call)
    const { limit, after } = pageOf(call)
    const workflow = textOf(call, 'workflow')
    const kind = KINDS.find((one) => one === call.parameters['kind'])
    const jobs = await caller.tenant.jobs.jobs({
      limit,
      ...(workflow === undefined ? {} : { workflow }),
      ...(kind === undefined ? {} : { kind }),
      ...(after === undefined ? {} : { before: after }),
    })
    const seen = jobs.filter((job) => mayUse(caller, job.workflow))
    const next = jobs.length < limit ? undefined : jobs.at(-1)?.number
    return pageAnswer(
      call,
      seen.map((job) => runView(job, call.baseUrl)),
      next,
    )
  },

  getRun: async (call) => {
    const job = await jobOf(call)
    const ms = (numberOf(call, 'wait') ?? 0) * 1000
    return follow(call, await callerOf(call).tenant.jobs.wait(job.run, ms, call.signal))
  },

  cancelRun: async (call) => {
    const job = await jobOf(call)
    const cancelled = await callerOf(call).tenant.jobs.cancel(job.run)
    return { ...follow(call, cancelled), status: 202 }
  },

  resumeRun: async (call) => {
    const job = await jobOf(call)
    const { tenant, client } = callerOf(call)
    // a repeat after a crash: it was resumed, and may be over by now
    const resumed = call.claim && (await tenant.jobs.ofClaim(call.claim.id))
    if (resumed) return begun(call, resumed)
    if (job.state === 'queued' || job.state === 'running')
      throw new Fault('RUN_ALREADY_GOING', `Run ${job.run} goes on already: it is ${job.state}.`, {
        run: job.run,
        state: job.state,
      })
    const resumable =
      job.state === 'interrupted' ||
      job.state === 'held' ||
      job.state === 'failed' ||
      job.state === 'cancelled'
    if (!resumable)
      throw new Fault('RUN_IS_OVER', `Run ${job.run} is ${job.state}.`, { run: job.run, state: job.state })
    if (isElsewhere(job) && job.kind !== 'sync')
      throw new Fault('RUN_IS_OVER', `Run ${job.run} was started on the command line: it goes on there.`, {
        run: job.run,
        state: job.state,
      })
    const options = { ...job.options, ...optionsIn(await optionalBody(call)) }
    const { workflow, kind, run } = job
    // what these have done is known by their run
    const same = kind === 'upload' || kind === 'decide' ? { run } : {}
    return begun(
      call,
      await tenant.jobs.start({ workflow, kind, options, client, claim: call.claim?.id, ...same }),
    )
  },

  undoRun: async (call) => {
    const { run, workflow } = await jobOf(call)
    const { tenant, client } = callerOf(call)
    return begun(
      call,
      await tenant.jobs.start({
        workflow,
        kind: 'undo',
        options: { undone: run },
        client,
        claim: call.claim?.id,
      }),
    )
  },

  getRunFile: async (call) => runFile(call, await jobOf(call)),

  getPlan: async (call) => {
    const { run, kind, state, workflow, plan } = await jobOf(call)
    if (!plan) {
      const why =
        kind === 'plan'
          ? `it is ${state}`
          : `it is of kind ${kind}. POST /v1/workflows/${workflow}/runs with {"kind":"plan"} makes one`
      throw new Fault('RUN_UNKNOWN', `Run ${run} has no plan: ${why}.`, { run })
    }
    return { status: 200, content: { json: { ...plan, workflow: plan.workflow } } }
  },
}

/** The job at the address, if it is one of a workflow that the caller may use. @throws Fault RUN_UNKNOWN */
export async function jobOf(call: Call): Promise<Job> {
  const caller = callerOf(call)
  const run = needed(call, 'run')
  const unknown = (): Fault => new Fault('RUN_UNKNOWN', `There is no run ${run} here.`, { run })
  const job = await caller.tenant.jobs.job(run)
  if (!job) throw unknown()
  assertMayUse(caller, job.workflow, unknown)
  return job
}

/** The answer to what starts a run: at once, after a moment, or after as long as `Prefer` says. */
export async function begun(call: Call, job: Job, over = 200): Promise<Answer> {
  const { waitMs, applied } = preferenceOf(call.headers['prefer'])
  const { tenant } = callerOf(call)
  const now = await tenant.jobs.wait(job.run, waitMs, call.signal)
  const answer = follow(call, now)
  const isOver = now.state !== 'queued' && now.state !== 'running'
  const headers = {
    ...answer.headers,
    location: `${call.baseUrl}/v1/runs/${job.run}`,
    ...(applied === undefined ? {} : { 'preference-applied': applied }),
  }
  return { ...answer, headers, status: isOver ? over : 202 }
}

function follow(call: Call, job: Job): Answer {
  const isOver = job.state !== 'queued' && job.state !== 'running'
  const headers: Record<string, string> = isOver ? {} : { 'retry-after': String(pollAfter(job)) }
  return { status: 200, headers, content: { json: runView(job, call.baseUrl) } }
}

/** RFC 7240: preferences that are not known are ignored. */
function preferenceOf(prefer = ''): { waitMs: number; applied?: string } {
  const wait = /(?:^|[,;]\s*)wait=(\d{1,5})/i.exec(prefer)?.[1]
  if (wait !== undefined) {
    const seconds = Math.min(Number(wait), LONGEST_WAIT_SECONDS)
    return { waitMs: seconds * 1000, applied: `wait=${String(seconds)}` }
  }
  return /(?:^|,\s*)respond-async/i.test(prefer)
    ? { waitMs: 0, applied: 'respond-async' }
    : { waitMs: PATIENCE_MS }
}

/** What a client may say of a run; anything else in its body is not kept. */
function optionsIn(body: DataRecord): DataRecord {
  return { ...flags(body, 'full', 'restart', 'exceptions'), ...texts(body, 'approve') }
}

/** @throws Fault BODY_INVALID */
async function optionalBody(call: Call): Promise<DataRecord> {
  const value = await call.body.jsonOr({})
  if (isObject(value)) return { ...value }
  throw invalid('#', 'the body must be a JSON object')
}
