import type { NewEvent } from '../feed'
import type { DataRecord } from '../record/value'
import type { RunRow } from '../store'
import type { Exception, Failure } from './exception'
import { fingerprintOf } from './fingerprint'
import type { Finder, Settled } from './store'
import type { Turn } from './turn'

/** How a run is named where somebody else could be a person. */
export function runName(run: string): string {
  return `run ${run}`
}

/** Whether it needs a person or a retry: what was not tried because the run ended is sent by the next start. */
export function raises({ code }: Failure): boolean {
  return code !== 'RUN_STOPPED'
}

/**
 * What makes two failures the same exception. A row that has the key of an earlier one is not that record: it is known
 * by its content, as one without a key is.
 */
export function subjectOf({ key, code, hash }: Pick<Failure, 'key' | 'code' | 'hash'>): string {
  return key === undefined || code === 'KEY_DUPLICATE' ? hashSubject(hash) : key
}

export function hashSubject(hash: string): string {
  return `#${hash}`
}

/** @param dueMs from its failure until it is due */
export function opened(failure: Failure, dueMs: number): Turn<Omit<Exception, 'id'>> {
  const exception: Omit<Exception, 'id'> = {
    workflow: failure.workflow,
    subject: subjectOf(failure),
    state: 'open',
    last: failure,
    fingerprint: fingerprintOf(failure),
    attempts: 1,
    firstSeen: failure.at,
    lastSeen: failure.at,
    due: failure.at + dueMs,
    tags: [],
    version: 1,
  }
  return { exception, event: failureEvent('exception.opened', failure) }
}

/** The same subject failed once more: counts once per run, opens what was closed, wakes what is ignored no longer. */
export function failedAgain(exception: Exception, failure: Failure, dueMs: number): Turn {
  const { resolution, ignored } = exception
  const sameRun = exception.last.run === failure.run
  const again: Exception = {
    ...without(exception, 'resolution', 'ignored'),
    state: 'open',
    last: failure,
    fingerprint: fingerprintOf(failure),
    attempts: exception.attempts + (sameRun ? 0 : 1),
    lastSeen: failure.at,
  }
  if (exception.state === 'ignored' && ignored && staysIgnored(ignored, failure))
    return { exception: { ...again, state: 'ignored', ignored } }
  if (exception.state !== 'open') {
    again.due = failure.at + dueMs
    const was = resolution ? { resolved: resolution.evidence } : { ignored: ignored?.reason ?? '' }
    return { exception: again, event: failureEvent('exception.reopened', failure, was) }
  }
  return sameRun
    ? { exception: again }
    : { exception: again, event: failureEvent('exception.failed-again', failure) }
}

function staysIgnored(
  { until, whileHash }: NonNullable<Exception['ignored']>,
  { at, hash }: Failure,
): boolean {
  return (until === undefined || at < until) && (whileHash === undefined || hash === whileHash)
}

/** @returns undefined where that does not settle it */
export function settled(
  exception: Exception,
  { how, evidence, assumed }: Settled,
  by: Finder,
): Turn | undefined {
  if (exception.state !== 'open' && exception.state !== 'ignored') return undefined
  // found by comparing both sides, so only who compares them again can say that it is over
  const found = exception.last.stage === 'reconcile'
  if (found && (assumed === true || how === 'gone')) return undefined
  // such as a delete that the target refused: the source does not have it, and that is what failed
  if (how === 'gone' && exception.last.run === by.run) return undefined
  // it was never in the source that was read
  if (how === 'gone' && exception.last.uploaded === true) return undefined
  const { at, who, run } = by
  const resolution = { how, at, who, evidence, ...(run === undefined ? {} : { run }) }
  return {
    exception: { ...without(withoutSealed(exception), 'ignored'), state: 'resolved', resolution },
    event: {
      at,
      type: 'exception.resolved',
      workflow: exception.workflow,
      who,
      facts: { how, evidence },
      ...(run === undefined ? {} : { run }),
    },
  }
}

/** Whose life is over for now needs sealed values of personal fields no longer. */
export function withoutSealed(exception: Exception): Exception {
  const isSealed = exception.fix?.changes.some(({ sealed }) => sealed !== undefined) === true
  return isSealed ? without(exception, 'fix') : exception
}

/** What a run tells when it ends, for now or for good: its receipt says the rest. */
export function runEnded(run: RunRow): NewEvent {
  const { id, workflow, kind, status, started, ended, receipt } = run
  const outcomes: DataRecord = {}
  for (const [outcome, { count }] of Object.entries(receipt?.outcomes ?? {})) outcomes[outcome] = count
  const { code } = run.fault ?? receipt?.fault ?? {}
  const facts = { kind, status, outcomes, ...(code === undefined ? {} : { fault: code }) }
  return { at: ended ?? started, type: 'run.ended', workflow, run: id, who: runName(id), facts }
}

/** Its content is emptied; that it was there, when and how it ended stays, and its key where that tells of nobody. */
export function expired(exception: Exception, at: number, keys: 'kept' | 'emptied'): Turn {
  const emptied = { ...without(exception.last, 'sent', 'target'), message: '', record: {} }
  const last = keys === 'kept' ? emptied : without(emptied, 'key')
  const subject = keys === 'kept' ? exception.subject : `expired ${String(exception.id)}`
  return {
    exception: { ...without(exception, 'fix'), state: 'expired', subject, last },
    event: { at, type: 'exception.expired', workflow: exception.workflow, who: 'retention', facts: {} },
  }
}

/** A copy that lacks these fields. */
export function without<T extends object, K extends keyof T>(whole: T, ...fields: K[]): Omit<T, K> {
  const copy = { ...whole }
  for (const field of fields) Reflect.deleteProperty(copy, field)
  return copy
}

function failureEvent(
  type: NewEvent['type'],
  { at, workflow, run, code, stage, place, message }: Failure,
  more: DataRecord = {},
): Omit<NewEvent, 'exception'> {
  const facts = { code, stage, place, message, ...more }
  return { at, type, workflow, run, who: runName(run), facts }
}
