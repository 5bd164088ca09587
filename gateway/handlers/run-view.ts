import type { FaultReport } from '../../shared/core/fault'
import type { Job } from '../jobs/jobs'

/** A job as `Run` of the contract. Times are texts; what is not known yet is absent. */
export function runView(job: Job, baseUrl: string): object {
  const over = job.state !== 'queued' && job.state !== 'running'
  const statusUrl = `${baseUrl}/v1/runs/${job.run}`
  const { receipt, progress } = job
  const problem: FaultReport | undefined = job.fault ?? receipt?.fault
  return {
    id: job.run,
    workflow: job.workflow,
    kind: job.kind,
    state: job.state,
    over,
    hasErrors: job.state === 'exceptions' || job.state === 'failed' || job.state === 'held',
    started: new Date(job.started).toISOString(),
    ...(job.ended === undefined ? {} : { ended: new Date(job.ended).toISOString() }),
    progress: progress
      ? { read: progress.read, total: progress.total, written: progress.written, rejected: progress.rejected }
      : {},
    ...(receipt
      ? {
          outcomes: Object.fromEntries(
            Object.entries(receipt.outcomes).map(([outcome, { count }]) => [outcome, count]),
          ),
          receipt,
        }
      : {}),
    ...(receipt?.held ? { held: receipt.held } : {}),
    ...(problem ? { problem } : {}),
    ...(job.kind === 'upload' && over ? { files: filesOf(statusUrl) } : {}),
    statusUrl,
    pollAfterSeconds: over ? 0 : pollAfter(job),
  }
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
