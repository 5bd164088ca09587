import type { DataRecord } from './record/value'

/** Everything that happens, in order: what a client polls with a cursor, the history of an exception, and the audit. */
export interface FeedEvent {
  /** Ascending in the order in which things were committed. */
  id: number
  at: number
  type: EventType
  workflow: string
  run?: string
  exception?: number
  /** Who did it: a person, or the run that found it out. */
  who: string
  /** What is to be known of it, personal fields masked. */
  facts: DataRecord
}

const EVENT_TYPES = [
  'run.ended',
  'exception.opened',
  'exception.failed-again',
  'exception.reopened',
  'exception.resolved',
  'exception.ignored',
  'exception.assigned',
  'exception.commented',
  'exception.tagged',
  'exception.due',
  'exception.fixed',
  'exception.retried',
  'exception.revealed',
  'exception.expired',
  'break.decided',
  'reconciliation.ended',
  'reconciliation.signed-off',
] as const

export type EventType = (typeof EVENT_TYPES)[number]

export function isEventType(value: unknown): value is EventType {
  return EVENT_TYPES.some((type) => type === value)
}

export type NewEvent = Omit<FeedEvent, 'id'>
