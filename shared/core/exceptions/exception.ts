import type { Operation } from '../connector'
import type { DataRecord, Value } from '../record/value'

/**
 * Life: open -> resolved | ignored, and open again when the record fails again. Closed content is expired by the
 * retention of its workflow; the exception itself stays.
 */
export type ExceptionState = 'open' | 'resolved' | 'ignored' | 'expired'

/** One time that a record could not be moved, or was found to disagree. Personal fields are masked before they come here. */
export interface Failure {
  run: string
  workflow: string
  /** Ordinal in the source, 0 for a record that only the target has, and where that is. */
  row: number
  place: string
  /** As `keyText` gives it; absent when the record has no usable key. */
  key?: string
  outcome: 'rejected' | 'unprocessed' | 'unknown' | 'break'
  stage: 'read' | 'map' | 'validate' | 'write' | 'reconcile'
  operation?: Operation
  code: string
  message: string
  /** RFC 6901 pointer into the record. */
  pointer?: string
  /** As it was read. */
  record: DataRecord
  /** As it was sent, where it came so far. */
  sent?: DataRecord
  /** What the target held, where that is known. */
  target?: DataRecord
  /** 16 hexadecimal digits of the unmasked record as it was read: tells whether the source moved since. */
  hash: string
  /** The first run that tried to write just this, where that was before `run`. */
  seed?: string
  /** It came in a file that somebody sent, or as one record: the workflow's own source does not speak for it. */
  uploaded?: true
  /** Of a break: the target has it under another key, so that it cannot be sent there. */
  otherKey?: true
  /** The run that the file was sent to, where that was before `run`. */
  sentTo?: string
  at: number
}

export interface KeptFailure extends Failure {
  /** Given by the store, ascending. */
  id: number
}

/** A record that needs a person or a retry, through all its failures, until it is settled. */
export interface Exception {
  /** Given by the store, ascending. */
  id: number
  workflow: string
  /**
   * What makes two failures the same exception within a workflow: the key of the record or, for one without or with
   * that of an earlier row, '#' and its hash.
   */
  subject: string
  state: ExceptionState
  /** Of its last failure; without content when it expired. */
  last: Failure
  /** Exceptions with the same one are a group. Begins with the version of the algorithm, such as 'v1:'. */
  fingerprint: string
  /** Runs in which it failed. */
  attempts: number
  firstSeen: number
  lastSeen: number
  due?: number
  assignee?: string
  tags: readonly string[]
  /** Stays ignored until a time, or while the record as read keeps this hash. */
  ignored?: { reason: string; until?: number; whileHash?: string }
  resolution?: Resolution
  /** An edit that a person made and that has not gone out yet. */
  fix?: Fix
  /** Grows with every change: an edit names the version that it was made on. */
  version: number
}

export interface Resolution {
  how:
    /** a later run moved the record */
    | 'moved'
    /** it was sent again on purpose */
    | 'retried'
    /** the source no longer has it */
    | 'gone'
    /** both sides hold the same by now */
    | 'agrees'
    /** somebody said so */
    | 'person'
  at: number
  who: string
  run?: string
  /** In words: what shows that it is settled. */
  evidence: string
}

/**
 * An edit of the record as it is read, before it is mapped. It applies only where `guard` still holds, so that one
 * edit can be tried on all exceptions of a group and never overwrites what the source says by now.
 */
export interface Fix {
  changes: readonly FieldChange[]
  who: string
  at: number
}

export interface FieldChange {
  /** Name or path of a source field, as a mapping names it. */
  field: string
  /** What stood there; absent when the field was missing. */
  from?: Value
  /** What is to stand there; absent removes the field. */
  to?: Value
  /** Of a personal field, whose values are masked here: what the change is guarded by, the hash of the record as read. */
  guard?: string
  /** Of a personal field: `to` as it is, sealed. */
  sealed?: string
}

/** One line of the inbox: the exceptions with one fingerprint. */
export interface Group {
  fingerprint: string
  workflow: string
  code: string
  stage: Failure['stage']
  field?: string
  /** Of the newest of them. */
  message: string
  count: number
  firstSeen: number
  lastSeen: number
  /** Newly opened in each of the last seven days, oldest first. */
  trend: readonly number[]
  assignees: readonly string[]
}

export interface ExceptionFilter {
  workflow?: string
  state?: ExceptionState
  fingerprint?: string
  code?: string
  run?: string
  assignee?: string
  tag?: string
  overdueAt?: number
  /** Part of the key or of the message. */
  text?: string
}
