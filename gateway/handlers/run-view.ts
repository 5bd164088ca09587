import { entryOverHttp } from '../../shared/contract/errors/over-http'
import type { FaultNote } from '../../shared/core/fault'
import type { Job } from '../jobs/jobs'
import { uploadedFile } from '../records/uploads'

/** A job as `Run` of the contract. Times are texts; what is not known yet is absent. */
export function runView(job: Job, baseUrl: string): object {
  const over = job.state !== 'queued' && job.state !== 'running'
  const statusUrl = `${baseUrl}/v1/runs/${job.run}`
  const { receipt } = job
  const problem = job.fault ?? receipt?.fault
  return {
    id: job.run,
    workflow: job.workflow,
    kind: job.kind,
    state: job.state,
    over,
    hasErrors: job.state === 'exceptions' || job.state === 'failed' || job.state === 'held',
    started: new Date(job.started).toISOString(),
    ...(job.ended === undefined ? {} : { ended: new Date(job.ended).toISOString() }),
    progress: progressOf(job),
    ...(receipt
      ? {
          outcomes: Object.fromEntries(
            Object.entries(receipt.outcomes).map(([outcome, { count }]) => [outcome, count]),
          ),
          receipt,
        }
      : {}),
    ...(job.decided ? { decided: job.decided } : {}),
    ...(receipt?.held ? { held: receipt.held } : {}),
    ...(problem ? { problem: problemView(problem) } : {}),
    ...(uploadedFile(job.options) && over ? { files: filesOf(statusUrl) } : {}),
    ...resultOf(job, baseUrl),
    statusUrl,
    pollAfterSeconds: over ? 0 : pollAfter(job),
  }
}

/** Where that stands which a run of its kind finds out. */
function resultOf({ kind, state, run }: Job, baseUrl: string): { resultUrl?: string } {
  if (state !== 'succeeded' && state !== 'exceptions' && state !== 'held') return {}
  if (kind === 'plan') return { resultUrl: `${baseUrl}/v1/runs/${run}/plan` }
  return kind === 'reconcile' ? { resultUrl: `${baseUrl}/v1/reconciliations/${run}` } : {}
}

/** As `RunProblem` of the contract. */
function problemView({ code, number, title, detail, evidence }: FaultNote): object {
  const { owner, causes, steps } = entryOverHttp(code)
  return { code, number, title, detail, owner, causes, steps, evidence }
}

/** At the end that of the receipt: the last news of a run come before it. */
function progressOf({ progress, receipt }: Job): object {
  if (receipt) {
    const { created, updated, deleted, rejected } = receipt.outcomes
    const written = created.count + updated.count + deleted.count
    return { read: receipt.read.source.count, written, rejected: rejected.count }
  }
  if (!progress) return {}
  const { read, total, written, rejected } = progress
  return { read, ...(total === undefined ? {} : { total }), written, rejected }
}

/** Sooner for what has just begun. */
export function pollAfter({ state }: Job): number {
  return state === 'queued' ? 5 : 2
}

function filesOf(statusUrl: string): object {
  return Object.fromEntries(
    ['ok', 'failed', 'unprocessed'].map((outcome) => [outcome, `${statusUrl}/records/${outcome}`]),
  )
}
