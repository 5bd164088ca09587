import type { SyncMode } from './connector'
import type { MappingDefinition } from './mapping/definition'
import type { JsonSchema } from './ports'
import type { ReconcileSettings } from './reconciliation/settings'
import type { DataRecord } from './record/value'

/** A definition that ties one source stream to one target stream, with every default filled in. */
export interface Workflow {
  name: string
  title: string
  /** Of the mapped record. */
  schema?: JsonSchema
  /**
   * Fields with `personal: true` in the schema, and the source fields that they are made of: masked wherever they are shown
   * or kept.
   */
  personal: readonly string[]
  /** Fields of the mapped record that identify it. */
  key: readonly string[]
  source: StreamUse & { cursor?: { field: string; lagMs: number } }
  target: StreamUse
  map?: MappingDefinition
  sync: SyncSettings
  reconcile: ReconcileSettings
  exceptions: ExceptionSettings
}

export interface ExceptionSettings {
  /** From the first failure until it is due, in milliseconds. */
  dueMs: number
  /** How long the content of what is settled is kept, in milliseconds. */
  retentionMs: number
}

interface StreamUse {
  connection: string
  stream: string
  settings: DataRecord
}

export interface SyncSettings {
  mode: SyncMode
  /** In mirror mode: what becomes of records that the source no longer has. */
  deletes: 'hard' | 'soft' | 'none'
  /** Fields written instead of deleting, for `deletes: soft`. */
  softDelete?: DataRecord
  /** What clears that mark: in every record that the source has, where it has no value of its own for the field. */
  restore?: DataRecord
  /** Whose records may be deleted: all that the target holds, or only those that came from the source before. */
  deleteScope: 'target' | 'written'
  /** Records per write; where absent, what the target prefers, else 500. */
  batch?: number
  /** Writes under way at once. */
  concurrency: number
  /** Records written between two checkpoints. */
  checkpointEvery: number
  guards: { deletes: Limit; rejects: Limit }
  /** Calls that finding the bad records of refused batches may cost in one run. */
  bisectionBudget: number
  /** Tries of one request during an outage, and how long in all. */
  retry: { attempts: number; forMs: number }
}

/** Trips when either is exceeded. `share` from 0 to 1. */
export interface Limit {
  share?: number
  count?: number
}
