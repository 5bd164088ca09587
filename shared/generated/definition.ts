// Made from shared/contract/definition.schema.json by npm run generate. Do not edit.
import type { MappingDefinition } from '../core/mapping/definition'
import type { DataRecord, Value } from '../core/record/value'

/** What tieout.yaml may hold: the systems and the workflows between them. `${NAME}` stands for a value of the environment or of the secrets file and may stand in any text. */
export interface DefinitionFile {
  /** Always 1. */
  tieout: 1
  /** The systems, by a name of your choice. */
  connections: Readonly<Record<string, ConnectionEntry>>
  /** What goes from where to where, by a name of your choice. Commands take this name. */
  workflows: Readonly<Record<string, WorkflowEntry>>
}

/** A connector with its settings; which settings there are, the reference of the connectors says. */
interface ConnectionEntry {
  /** The kind of system. */
  connector: string
  [setting: string]: Value | undefined
}

/** Ties one stream of a source to one stream of a target. */
export interface WorkflowEntry {
  /** What people call it. Default: its name. */
  title?: string
  /** JSON Schema of the record as it arrives at the target: a file relative to the definition, or the schema itself. A field with `personal: true` holds personal data and is masked wherever it is shown or kept. */
  schema?: string | DataRecord
  /** The fields of the record, as it arrives at the target, that identify it. */
  key: string | readonly string[]
  source: SourceEntry
  target: TargetEntry
  /** Target field: where its value comes from. A text is a path in the source record; a mapping holds rules. Fields that are not named keep their name. */
  map?: MappingDefinition
  sync?: SyncEntry
}

/** Where records come from. Further settings are the connector's. */
interface SourceEntry {
  connection: ConnectionNameEntry
  stream: StreamNameEntry
  /** Read only what changed: a field of the source record that grows with every change. */
  cursor?: {
    /** Name of the field in the source record. */
    field: string
    /** How far to reach back each time, for records that become visible late. Default 0s. */
    lag?: DurationEntry
  }
  [setting: string]: Value | undefined
}

/** Where records go. Further settings are the connector's. */
interface TargetEntry {
  connection: ConnectionNameEntry
  stream: StreamNameEntry
  [setting: string]: Value | undefined
}

/** Name of one of the connections. */
type ConnectionNameEntry = string

/** A table, a file, a resource: what it is, the connector's page says. */
type StreamNameEntry = string

/** How records are written. Everything here has a default. */
export interface SyncEntry {
  /** append: add every record. insert-only: add records that are not there. update-only: change records that are there. upsert: both. mirror: both, and delete what the source no longer has. Default upsert. */
  mode?: 'append' | 'insert-only' | 'update-only' | 'upsert' | 'mirror'
  /** Mirror only: hard removes the record, soft writes the fields of softDelete instead, none leaves it. Default hard in mirror, none elsewhere. */
  deletes?: 'hard' | 'soft' | 'none'
  /** Fields written instead of deleting. */
  softDelete?: DataRecord
  /** With softDelete: what these fields hold in every record that the source has, so that a record that comes back loses its mark. A value of the record itself goes first. Default: true for false and false for true; any other mark needs it, unless the schema has the field. */
  restore?: DataRecord
  /** Mirror only: target may delete every record that the source does not have, written only those that came from it before. Default target. */
  deleteScope?: 'target' | 'written'
  /** Records per write. Default: what suits the target best, else 500. */
  batch?: number
  /** Writes under way at once. Default 4. */
  concurrency?: number
  /** After so many records the position is saved. Default 10000. */
  checkpointEvery?: number
  /** Limits that stop a run before it does harm. */
  guards?: {
    /** How many of the target's records one run may delete. Default 10%. */
    deletes?: LimitEntry
    /** How many of the records read may be rejected before the run stops. Default 20%. */
    rejects?: LimitEntry
  }
  /** Calls that one run may spend on finding the bad records of refused batches. Default 200. */
  bisectionBudget?: number
  /** How long an outage of a system is waited out. */
  retry?: {
    /** Tries of one request. Default 6. */
    attempts?: number
    /** How long in all. Default 15m. */
    for?: DurationEntry
  }
}

/** A whole number and its unit: ms, s, m, h or d. */
type DurationEntry = string

/** A share such as 10%, a count, both (trips when either is exceeded), or off. */
export type LimitEntry =
  | ShareEntry
  | CountEntry
  | 'off'
  | {
      share?: ShareEntry
      count?: CountEntry
    }

type ShareEntry = string

type CountEntry = number
