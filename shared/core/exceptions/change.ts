import { Fault } from '../fault'
import type { EventType } from '../feed'
import type { DataRecord } from '../record/value'
import type { Exception, ExceptionState, FieldChange } from './exception'
import { without, withoutSealed } from './lifecycle'
import { shownChanges } from './sealed'
import type { Turn } from './turn'

/** What a person does with an exception. */
export type Change =
  /** To nobody where `to` is absent. */
  | { do: 'assign'; to?: string }
  | { do: 'comment'; text: string }
  | { do: 'tag'; add?: readonly string[]; remove?: readonly string[] }
  /** Milliseconds since 1970; never where absent. */
  | { do: 'due'; at?: number }
  | { do: 'resolve'; comment?: string }
  /** Until a time, while the record as read stays what it is, or both; one of them is needed. */
  | { do: 'ignore'; reason: string; until?: number; whileUnchanged?: boolean }
  | { do: 'reopen' }
  /**
   * An edit of its record that goes out with its next retry; without changes, the one that was waiting is gone. Undefined
   * for an exception that it does not fit.
   */
  | { do: 'fix'; of: (exception: Exception) => readonly FieldChange[] | undefined }

/** Who changes it, and when. */
export interface Person {
  who: string
  at: number
}

const LONGEST = 4000

/** States from which a change leads on. What expired has no content left to decide on, but may be talked about. */
const FROM: Readonly<Record<Change['do'], readonly ExceptionState[]>> = {
  assign: ['open', 'ignored'],
  comment: ['open', 'ignored', 'resolved', 'expired'],
  tag: ['open', 'ignored', 'resolved', 'expired'],
  due: ['open', 'ignored'],
  resolve: ['open', 'ignored'],
  ignore: ['open', 'ignored'],
  reopen: ['resolved', 'ignored'],
  fix: ['open', 'ignored', 'resolved'],
}

/**
 * What changes make of an exception, one after the other.
 * @throws Fault EXCEPTION_STATE when it is in no state for one, FIX_INVALID when an edit does not fit it
 */
export function turnsOf(exception: Exception, changes: readonly Change[], by: Person): Required<Turn>[] {
  let next = exception
  return changes.map((change) => {
    const turn = changed(next, change, by)
    next = turn.exception
    return turn
  })
}

/** The exception after a change, with the event that tells it. */
function changed(exception: Exception, change: Change, by: Person): Required<Turn> {
  if (!FROM[change.do].includes(exception.state)) {
    throw new Fault(
      'EXCEPTION_STATE',
      `Exception ${String(exception.id)} is ${exception.state}: it cannot be ${DONE[change.do]}.`,
      { exception: exception.id, state: exception.state, change: change.do },
    )
  }
  const { type, facts, exception: next } = outcomeOf(exception, change, by)
  const { at, who } = by
  return { exception: next, event: { at, type, workflow: exception.workflow, who, facts } }
}

/**
 * @throws Fault EXCEPTION_CHANGE_INVALID when it lacks something, whatever exception it is for; `field` of the evidence
 * is what lacks it, as `ExceptionChange` of the contract names it
 */
export function assertSound(change: Change, now: number): void {
  switch (change.do) {
    case 'assign':
      if (change.to !== undefined) assertText('assignee', change.to, 'a name to assign to')
      return
    case 'comment':
      assertText('comment', change.text, 'a comment')
      return
    case 'tag': {
      const { add = [], remove = [] } = change
      if (add.length + remove.length === 0) throw invalid('addTags', 'it names no tag')
      for (const tag of add) assertText('addTags', tag, 'a tag')
      for (const tag of remove) assertText('removeTags', tag, 'a tag')
      return
    }
    case 'due':
      if (change.at !== undefined && !Number.isFinite(change.at)) throw invalid('due', 'the time is not one')
      return
    case 'resolve':
      if (change.comment !== undefined) assertText('reason', change.comment, 'a comment')
      return
    case 'ignore':
      assertText('reason', change.reason, 'a reason, for those who find it later')
      if (change.until === undefined && change.whileUnchanged !== true)
        throw invalid('until', 'to ignore needs a time to end, or "while the record is unchanged"')
      if (change.until !== undefined && !(change.until > now))
        throw invalid('until', 'the time until which to ignore has passed')
      return
    case 'reopen':
    case 'fix':
      return
  }
}

interface Outcome {
  exception: Exception
  type: EventType
  facts: DataRecord
}

function outcomeOf(exception: Exception, change: Change, { at, who }: Person): Outcome {
  switch (change.do) {
    case 'assign': {
      const facts = { from: exception.assignee ?? null, to: change.to ?? null }
      const next = without(exception, 'assignee')
      const { to } = change
      return {
        exception: to === undefined ? next : { ...next, assignee: to },
        type: 'exception.assigned',
        facts,
      }
    }
    case 'comment':
      return { exception, type: 'exception.commented', facts: { comment: change.text } }
    case 'tag': {
      const { add = [], remove = [] } = change
      const tags = [...new Set([...exception.tags, ...add])].filter((tag) => !remove.includes(tag)).sort()
      return { exception: { ...exception, tags }, type: 'exception.tagged', facts: { add, remove } }
    }
    case 'due': {
      const { at: due } = change
      const next = without(exception, 'due')
      const facts = { from: exception.due ?? null, to: due ?? null }
      return { exception: due === undefined ? next : { ...next, due }, type: 'exception.due', facts }
    }
    case 'resolve': {
      const evidence = change.comment ?? `${who} says so`
      const resolution = { how: 'person' as const, at, who, evidence }
      const facts = { how: 'person', evidence }
      const next: Exception = {
        ...without(withoutSealed(exception), 'ignored'),
        state: 'resolved',
        resolution,
      }
      return { exception: next, type: 'exception.resolved', facts }
    }
    case 'ignore': {
      const { reason, until } = change
      const ignored: NonNullable<Exception['ignored']> = { reason }
      if (until !== undefined) ignored.until = until
      if (change.whileUnchanged === true) ignored.whileHash = exception.last.hash
      const facts = { reason, until: until ?? null, whileUnchanged: change.whileUnchanged === true }
      return { exception: { ...exception, state: 'ignored', ignored }, type: 'exception.ignored', facts }
    }
    case 'reopen': {
      const was = exception.resolution?.evidence ?? exception.ignored?.reason ?? null
      const next: Exception = { ...without(exception, 'ignored', 'resolution'), state: 'open' }
      return { exception: next, type: 'exception.reopened', facts: { was } }
    }
    case 'fix': {
      const changes = change.of(exception)
      if (!changes) throw unfit(exception)
      const facts = { changes: shownChanges(changes).map((one): DataRecord => ({ ...one })) }
      const next =
        changes.length > 0 ? { ...exception, fix: { changes, who, at } } : without(exception, 'fix')
      return { exception: next, type: 'exception.fixed', facts }
    }
  }
}

const DONE: Readonly<Record<Change['do'], string>> = {
  assign: 'assigned',
  comment: 'commented on',
  tag: 'tagged',
  due: 'given a due date',
  resolve: 'resolved',
  ignore: 'ignored; reopen it first',
  reopen: 'reopened',
  fix: 'corrected',
}

function unfit({ id }: Exception): Fault {
  return new Fault('FIX_INVALID', `Exception ${String(id)} holds something else than the edit corrects.`, {
    exception: id,
  })
}

function assertText(field: string, text: string, what: string): void {
  if (text.trim() === '') throw invalid(field, `it needs ${what}`)
  if (text.length > LONGEST) throw invalid(field, `${what} has at most ${String(LONGEST)} characters`)
}

function invalid(field: string, problem: string): Fault {
  return new Fault('EXCEPTION_CHANGE_INVALID', `The change cannot be made: ${problem}.`, { field })
}
