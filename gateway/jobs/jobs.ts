import type { Plan } from '../../shared/core/bulk-sync/plan'
import type { Progress } from '../../shared/core/bulk-sync/request'
import type { Receipt } from '../../shared/core/bulk-sync/receipt'
import type { FaultNote } from '../../shared/core/fault'
import type { DataRecord } from '../../shared/core/record/value'

/**
 * The runs of one tenant: started at once up to a number, the rest in the order they came. Saved before they begin, so
 * that a gateway that was killed goes on with them when it starts again.
 */
export interface Jobs {
  /** @throws Fault WORKFLOW_UNKNOWN, RUN_ALREADY_GOING */
  start(job: NewJob): Promise<Job>
  /** Also one of the command line. */
  job(run: string): Promise<Job | undefined>
  /** What was asked for with an idempotency key. */
  ofClaim(claim: string): Promise<Job | undefined>
  /** Newest first, each run once. */
  jobs(filter: { workflow?: string; kind?: Job['kind']; limit: number; before?: number }): Promise<Job[]>
  /** Asks it to stop at its next checkpoint. @throws Fault RUN_UNKNOWN, RUN_IS_OVER, RUN_ALREADY_GOING for one elsewhere */
  cancel(run: string): Promise<Job>
  /** Resolves when it is over, or after `ms`, with how it is then. */
  wait(run: string, ms: number, signal: AbortSignal): Promise<Job>
  /** Stops what is under way at its next checkpoint; it goes on when the gateway starts again. */
  close(): Promise<void>
}

export interface NewJob {
  workflow: string
  kind: Job['kind']
  /** What the kind takes, such as `full`, `approve`, the file of an upload, the exceptions of a retry. */
  options: DataRecord
  client: string
  /** Of the idempotency key that it was asked for with: asked for with the same claim again, it is the same job. */
  claim?: string | undefined
  /** Of the run, for who has to find it again; it goes on if it was begun. */
  run?: string
  /** Of an upload without a file. It is not saved: who sent it waits for it, and sends it again. */
  record?: DataRecord
}

export interface DecidedView {
  exceptions: number
  standing: number
  notPossible: number
  problems: readonly { exception: number; reason: string }[]
}

export interface Job {
  /** Ascending in the order they came; 0 for one that came elsewhere. */
  number: number
  /** Id of the run. */
  run: string
  workflow: string
  kind: 'sync' | 'upload' | 'undo' | 'retry' | 'plan' | 'reconcile' | 'decide'
  state: 'queued' | 'running' | 'interrupted' | 'succeeded' | 'exceptions' | 'held' | 'failed' | 'cancelled'
  options: DataRecord
  client: string
  started: number
  ended?: number
  progress?: Progress
  receipt?: Receipt
  plan?: Plan
  /** Of a decision: what became of the exceptions, as `Decided` of the contract. */
  decided?: DecidedView
  /** Why it could not go on, where there is no receipt to say it. */
  fault?: FaultNote
}
