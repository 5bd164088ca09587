import type { Source, Target, Traffic } from '../connector'
import type { Mapper } from '../mapping/mapper'
import type { Ports, Violation } from '../ports'
import type { CountingLedger } from '../record/ledger'
import type { DataRecord } from '../record/value'
import type { Store } from '../store'
import type { Workflow } from '../workflow'
import type { Redriven } from '../exceptions/keyed-source'
import type { Retry } from '../exceptions/choice'
import type { Owner } from './lock'

export interface SyncRequest {
  workflow: Workflow
  source: Source
  target: Target
  mapper: Mapper
  validate: ((record: DataRecord) => readonly Violation[] | undefined) | undefined
  ports: Ports
  store: Store
  /** Shared with the connectors, which add to them. */
  traffic: Traffic
  sourceLedger: CountingLedger
  targetLedger: CountingLedger
  owner: Owner
  /** Of a new run, for who has to know it before it begins. */
  id?: string
  /** Aborted to stop at the next checkpoint. */
  signal: AbortSignal
  onProgress?: (progress: Progress) => void
  /** Hash of a held set that may go on. */
  approve?: string
  /** Reads an interrupted run's source from its beginning. */
  restart?: boolean
  /** Reads everything although the workflow has a cursor, and finds out what the target has lost. */
  full?: boolean
  /** The source is a file that somebody sent: the run goes on under its own id and leaves the workflow's own source alone. */
  upload?: boolean
  /** How many records the source has, where that is known. */
  records?: number
  /** The run is a retry: its source yields only what was chosen. */
  redrive?: Redrive
}

export interface Redrive {
  /** Kept with the run. */
  retry: Retry
  /** Of a record that the source yielded. */
  of: (record: DataRecord) => Redriven | undefined
  /** The run that the file was sent to that a record was read from; undefined for one of the workflow's own source. */
  sentTo: (record: DataRecord) => string | undefined
}

export interface Progress {
  run: string
  read: number
  total?: number
  written: number
  rejected: number
  elapsedMs: number
}
