import type { SyncRequest } from '../../bulk-sync/request'
import { Fault } from '../../fault'
import type { Clock } from '../../ports'
import type { Workflow } from '../../workflow'
import { changesOf, type Edits } from '../fix'
import type { FileOf } from '../picker'
import type { Retried } from '../retry'

/**
 * What a person decides where two systems disagree on records.
 * - `accept-source`: the source's record is written, and what was decided on it before stands no more.
 * - `accept-target`: both stay as they are. A later sync leaves the target's record alone while the source's is the same.
 * - `write`: the edited record is written, and both then stay as they are.
 * - `ignore`: reconciliation no longer reports it while both sides are the same.
 */
export type DecisionRequest = { who: string; reason: string; until?: number } & (
  | { decision: 'accept-source' | 'accept-target' | 'ignore' }
  /** Another value than either has: the source's record with these edits. */
  | { decision: 'write'; edits: Edits }
)

/** What became of a decision in one workflow. */
export interface Decided {
  workflow: string
  decision: DecisionRequest['decision']
  /** That it was for. */
  exceptions: number
  /** Rules that stand from now on, each while both sides hold what they hold. */
  standing: number
  /** What was written. */
  retried?: Retried
  problems: Problems
}

/** Exceptions that a decision is not possible for. */
export interface Problems {
  count: number
  /** The first of them, and why. */
  first: readonly { exception: number; reason: string }[]
}

export type DecideRequest = Pick<
  SyncRequest,
  'workflow' | 'source' | 'target' | 'mapper' | 'validate' | 'store' | 'signal'
> & {
  fileOf?: FileOf | undefined
  clock: Clock
  /** Names this decision: asked for with the same again, it goes on where it was interrupted. */
  run: string
}

const NAMED = 20

export class ProblemList implements Problems {
  count = 0
  readonly first: { exception: number; reason: string }[] = []

  add(exception: number, reason: string): void {
    this.count++
    if (this.first.length < NAMED) this.first.push({ exception, reason })
  }
}

/** @throws Fault EXCEPTION_CHANGE_INVALID, FIX_INVALID, FIX_PERSONAL when it lacks something, whatever it is for */
export function assertSound(request: DecisionRequest, { personal }: Workflow, now: number): void {
  const { decision, reason, until } = request
  if (decision !== 'accept-source' && reason.trim() === '')
    throw invalid('reason', 'it needs a reason: it stands until a side changes')
  if (until !== undefined && !(until > now))
    throw invalid('until', 'the time until which it stands has passed')
  if (request.decision === 'write') changesOf(request.edits, {}, personal)
}

function invalid(field: string, problem: string): Fault {
  return new Fault('EXCEPTION_CHANGE_INVALID', `The decision cannot be made: ${problem}.`, { field })
}
