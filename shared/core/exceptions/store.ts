import type { EventType, FeedEvent, NewEvent } from '../feed'
import type { Keep } from '../keep'
import type { Exception, ExceptionFilter, Failure, Group, KeptFailure } from './exception'
import type { Turn } from './turn'

/** The part of the state that exceptions live in. Every method that writes is one durable transaction. */
export interface ExceptionStore {
  /** What failed in a run, in the order it was kept; `after` is the id of the last one seen. */
  failures(filter: { run: string; limit: number; after?: number }): Promise<KeptFailure[]>

  /**
   * Opens, counts up or reopens the exceptions of failures outside of a sync (a sync does it with its checkpoint).
   * @param dueMs from a failure until its exception is due
   */
  raise(failures: readonly Failure[], dueMs: number): Promise<void>
  /** Closes the open and ignored exceptions of these subjects, outside of a sync. */
  settle(workflow: string, settled: readonly Settled[], by: Finder): Promise<void>
  /** Subjects of the open and ignored exceptions of a workflow: a run tells which of them it moved. */
  subjects(workflow: string): Promise<readonly string[]>

  exception(id: number): Promise<Exception | undefined>
  /** By id, newest first; `before` is the id of the last one seen. */
  exceptions(filter: ExceptionFilter, page: { limit: number; before?: number }): Promise<Exception[]>
  countExceptions(filter: ExceptionFilter): Promise<number>
  /** Most exceptions first. `now` ends the last day of the trend. */
  groups(filter: ExceptionFilter, now: number): Promise<Group[]>
  /**
   * Makes of exceptions what `turns` makes of each as it is, all in one transaction: what `turns` throws undoes them all.
   * @returns how many were changed
   * @throws Fault EXCEPTION_UNKNOWN
   */
  changeExceptions(
    which: { ids: readonly number[] } | { filter: ExceptionFilter },
    turns: Turns,
    keep?: Keep<number>,
  ): Promise<number>
  /** The same of one. @returns it as it is then */
  changeException(id: number, turns: Turns, keep?: Keep<Told>): Promise<Told>
  /**
   * Empties exceptions that were resolved, and failures that happened, before `before`; of their keys, too, where those
   * are personal. @returns how many exceptions
   */
  expireExceptions(workflow: string, before: number, now: number, keys?: 'kept' | 'emptied'): Promise<number>

  addEvent(event: NewEvent): Promise<void>
  /** Of the newest event, 0 where there is none. */
  lastEvent(): Promise<number>
  /** Id of the newest event before a time; 0 without one. */
  lastEventBefore(at: number): Promise<number>
  /** How many came after one; of some types and workflows alone. */
  countEvents(filter: {
    after: number
    types?: readonly EventType[] | undefined
    workflows?: readonly string[] | undefined
  }): Promise<number>
  /** In order; of one exception: its history. */
  events(filter: {
    after?: number
    exception?: number | undefined
    workflow?: string | undefined
    type?: EventType | undefined
    limit: number
  }): Promise<FeedEvent[]>
}

/** What becomes of an exception, step by step; nothing where it stays. */
export type Turns = (exception: Exception) => readonly Turn[]

export const MOST_HISTORY = 10_000

/** An exception with all that was told of it, oldest first, up to `MOST_HISTORY`. */
export interface Told {
  exception: Exception
  history: FeedEvent[]
}

/** An open exception whose record a run moved, found equal, or no longer found in the source. */
export interface Settled {
  subject: string
  how: 'moved' | 'retried' | 'gone' | 'agrees'
  evidence: string
  /** Nobody asked the target: it was given the same before, so a break that was found by comparing stays. */
  assumed?: boolean
}

/** Who found out that something is settled, and when. */
export interface Finder {
  who: string
  at: number
  run?: string
}
