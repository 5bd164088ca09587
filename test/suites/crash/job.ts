import { parseJson } from '../../../shared/core/format/json'
import { isObject, textOf, type DataRecord, type Value } from '../../../shared/core/record/value'

/** What the parent asks a child process to do; travels as one JSON argument. */
export interface Job {
  /** Holds tieout.yaml and .tieout/state.sqlite. */
  folder: string
  workflow: string
  /** Where the process kills itself with SIGKILL, such as `after commit 3`; never when absent. */
  killAt?: string
  /** Where it stands still (SIGSTOP) until somebody lets it go on; it says so before. */
  stopAt?: string
  /** Runs once more afterwards, as a later start would. */
  again?: boolean
  /** Sends all open exceptions again instead of everything that changed. */
  retry?: boolean
  /** The clock of this process is ahead by so much. */
  aheadMs?: number
}

/** What a process says before it stands still. */
export const STOPPED = 'stopped'

/** What happens in a run and may be the last thing that happens. Each is counted from 1. */
export const moments = ['write', 'finish', 'commit', 'closeRun', 'intend', 'answered'] as const

export type Moment = (typeof moments)[number]

export type Counts = Record<Moment, number>

export interface Report {
  receipt?: Value
  fault?: { code: string; detail: string }
  /** How often each moment came. */
  counts: Counts
  /** Runs that had ended before. */
  earlier: number
  /** Receipt of the run after it. */
  again?: Value
}

export function parseJob(text: string): Job {
  const { folder, workflow, killAt, stopAt, again, retry, aheadMs } = parseObject(text)
  return {
    folder: textOf(folder),
    workflow: textOf(workflow),
    ...(killAt === undefined ? {} : { killAt: textOf(killAt) }),
    ...(stopAt === undefined ? {} : { stopAt: textOf(stopAt) }),
    ...(again === undefined ? {} : { again: again === true }),
    ...(retry === undefined ? {} : { retry: retry === true }),
    ...(aheadMs === undefined ? {} : { aheadMs: Number(aheadMs) }),
  }
}

export function parseReport(text: string): Report {
  const { receipt, fault, counts, earlier, again } = parseObject(text)
  return {
    counts: countsOf((moment) => Number(isObject(counts) ? counts[moment] : 0)),
    earlier: Number(earlier),
    ...(receipt === undefined ? {} : { receipt }),
    ...(isObject(fault) ? { fault: { code: textOf(fault['code']), detail: textOf(fault['detail']) } } : {}),
    ...(again === undefined ? {} : { again }),
  }
}

/** Every point at which a run with these counts can be killed, in no order of time. */
export function pointsOf(counts: Counts): string[] {
  return moments.flatMap((moment) =>
    Array.from({ length: counts[moment] }, (_, i) => [
      `before ${moment} ${i + 1}`,
      `after ${moment} ${i + 1}`,
    ]).flat(),
  )
}

export function countsOf(count: (moment: Moment) => number): Counts {
  const [write, finish, commit, closeRun, intend, answered] = moments
  return {
    write: count(write),
    finish: count(finish),
    commit: count(commit),
    closeRun: count(closeRun),
    intend: count(intend),
    answered: count(answered),
  }
}

function parseObject(text: string): DataRecord {
  const value = parseJson(text)
  if (isObject(value)) return value
  throw new Error(`not a JSON object: ${text}`)
}
