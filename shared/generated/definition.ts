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
  reconcile?: ReconcileEntry
  exceptions?: ExceptionsEntry
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
  /** append: add every record that is new or has changed since it was added; a file that gets a whole source gets all of it again. insert-only: add records that are not there. update-only: change records that are there. upsert: both. mirror: both, and delete what the source no longer has. Default upsert. */
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

/** How both sides are compared. Fields are those of the record as it arrives at the target. Everything here has a default: records are matched by the workflow's key and compared exactly. */
export interface ReconcileEntry {
  /** How the target is read back, where that differs from how it is written: another stream, and settings of a source of its connector. Default: the stream that is written. */
  read?: {
    stream?: StreamNameEntry
    [setting: string]: Value | undefined
  }
  /** What brings records of both sides together, tried in this order: what one rule leaves unmatched goes to the next. A rule is a field, a list of fields, or a mapping. Default: the workflow's key. */
  match?: readonly MatchRuleEntry[]
  /** The fields to compare. Default: those of the schema, else those that both sides have; without those that records are matched by. */
  fields?: readonly string[]
  /** How a field is compared, by its name. Every other field is compared exactly. */
  compare?: Readonly<Record<string, CompareRuleEntry>>
  /** Fields that are not compared; the report says so. */
  ignore?: readonly string[]
  /** What totals are grouped by: a field, or a part of one. Not a personal field. */
  dimensions?: readonly DimensionEntry[]
  /** What is added up: a field, or several that are multiplied. Records are always counted. */
  measures?: readonly MeasureEntry[]
  /** By measure, how far its total may be off and still tie out. Default: as far as the tolerances of the fields lead. */
  totals?: Readonly<Record<string, number>>
  /** Breaks of records that changed shortly before are pending: the change may be on its way. */
  cutOff?: {
    /** The field that says when a record changed. */
    field: string
    /** How long a change may be on its way. Default 15m. */
    window?: DurationEntry
  }
  /** Wait so long, then look up the records of all breaks again; those that agree by then are pending. Needs sides that can be asked for single records. Default: no second look. */
  secondLook?: DurationEntry
  /** How much memory matching may take before it goes to disk. Default 256MB. */
  memory?: string
  /** Both sides come in the order of the key, so matching takes no memory and no disk whatever their size. Part by part: numbers by their value, date-times with a zone by their instant, other texts by the bytes of their UTF-8. A row out of that order stops the reconciliation. Needs fields or a schema. Default false. */
  sorted?: boolean
  /** Whether open breaks become exceptions. Default false. */
  exceptions?: boolean
}

/** A field, a list of fields, or a mapping. */
export type MatchRuleEntry =
  | string
  | readonly KeyFieldEntry[]
  | {
      /** Fields that must agree. */
      on: string | readonly KeyFieldEntry[]
      /** one-to-one pairs single records. The others add up the fields of sum on the side that has many, and compare only that: an invoice against its payments. Default one-to-one. */
      pairing?: 'one-to-one' | 'one-to-many' | 'many-to-one' | 'many-to-many'
      /** Fields to add up, for the pairings with many. */
      sum?: readonly string[]
    }

/** A field, or how it is made alike first. */
export type KeyFieldEntry =
  | string
  | {
      /** Its name. */
      field: string
      /** case: A is a. space: spaces at its ends do not count. zeros: those in front do not count. */
      ignore?: readonly ('case' | 'space' | 'zeros')[]
      /** Values that stand for another, on either side. */
      values?: Readonly<Record<string, string>>
      /** Dates that are no more than so many days apart agree; not in the first rule. */
      withinDays?: number
    }

/** How one field is compared. */
export interface CompareRuleEntry {
  /** Numbers that are no further apart agree. */
  tolerance?: number
  /** The same as a share of the larger number. */
  relative?: ShareEntry
  /** Dates and times that are no further apart agree. */
  within?: DurationEntry
  /** Both are rounded to so many decimals first. */
  decimals?: number
  /** The target's number times this is in the unit or currency of the source's. */
  factor?: number
  /** case: A is a. space: spaces at the ends do not count, and several are one. order: lists agree in any order, each value once. */
  ignore?: readonly ('case' | 'space' | 'order')[]
  /** Which of absent, null and empty text count as the same. Default: none. */
  alike?: readonly ('absent' | null | 'empty')[]
}

/** A field, or a part of one. */
export type DimensionEntry =
  | string
  | {
      /** What people call it. Default: the field. */
      name?: string
      /** Whose value. */
      field: string
      /** What of it: the whole value, or the year, month or day of a date; of a date-time with a zone, that of UTC. Default value. */
      by?: 'value' | 'year' | 'month' | 'day'
      /** Only so many characters, for codes that begin with their group. */
      first?: number
    }

/** A field, or several that are multiplied. */
export type MeasureEntry =
  | string
  | {
      /** What people call it. */
      name: string
      /** Multiplied with each other. None: the number of records. */
      fields: readonly string[]
    }

/** How long exceptions of this workflow may wait, and how long their content is kept. */
export interface ExceptionsEntry {
  /** From the first failure until it is due. Default 3d. */
  due?: DurationEntry
  /** How long the content of an exception is kept after it was settled. Default 90d. */
  retention?: DurationEntry
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
