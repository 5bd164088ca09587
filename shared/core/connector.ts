import type { ErrorCode } from '../contract/errors'
import type { FileReader, JsonSchema, Ports } from './ports'
import type { DataRecord } from './record/value'
import type { Ledger } from './record/ledger'
import type { Rejection } from './record/rejection'
import type { Snapshot, SnapshotRequest } from './snapshot'

/**
 * The protocol between the core and a connector.
 *
 * The core opens a connection once per run, opens one source or target on it, and closes the connection at the end,
 * also after a fault. A source is read by one loop. A target may get several `write` calls at once, never two that hold
 * the same key. Everything that goes wrong is a Fault; the catalogue says whether the core waits, bisects or stops.
 */
export interface Connector {
  readonly spec: ConnectorSpec
  /** Must not touch the network: the first call that does is `check`, `read` or `write`. */
  open(context: ConnectionContext): Promise<Connection>
}

/** What a connector says of itself. Validation of settings, docs and forms come from here. */
export interface ConnectorSpec {
  name: string
  title: string
  summary: string
  /** JSON Schemas, each property with title, description and, where a value is secret, `secret: true`. */
  settings: JsonSchema
  /** What may stand beside `connection` and `stream` in a workflow's source and target. */
  sourceSettings: JsonSchema
  targetSettings: JsonSchema
  reads: boolean
  writes: boolean
  /** Whether a source can begin from a cursor value. */
  incremental: boolean
  /**
   * Settings of a source that reads what a target with these settings has written; undefined where they do not tell.
   * Default: those that source and target have under the same name.
   */
  readBack?: (target: DataRecord) => DataRecord | undefined
  /** Sync modes that a target of this connector can do. */
  modes: readonly SyncMode[]
  /** A connection with one source and one target, as YAML, run by the docs test. */
  example: string
}

export type SyncMode = 'append' | 'insert-only' | 'update-only' | 'upsert' | 'mirror'

export interface ConnectionContext {
  /** The connection's name in the definition, for messages. */
  name: string
  /** Valid by `spec.settings`, secrets filled in. */
  settings: DataRecord
  ports: Ports
  traffic: Traffic
}

/** What went over the wire. Connectors and the http port add to it; the receipt shows it. */
export interface Traffic {
  calls: number
  bytesIn: number
  bytesOut: number
  retries: number
}

export interface Connection {
  /** What can be read and written here; for `init`, and to suggest a spelling. */
  streams(): Promise<StreamInfo[]>
  source(request: SourceRequest): Promise<Source>
  target(request: TargetRequest): Promise<Target>
  /** Step by step for `doctor`: the first failed step ends it. */
  check(stream?: CheckedStream): AsyncIterable<CheckStep>
  close(): Promise<void>
}

/** A stream as a workflow uses it. */
export interface CheckedStream {
  name: string
  use: 'source' | 'target'
  /** What stands beside `connection` and `stream` in the workflow. */
  settings?: DataRecord
}

export interface StreamInfo {
  name: string
  schema?: JsonSchema
  key?: readonly string[]
  /** Fields that only grow with every change, best first. */
  cursors?: readonly string[]
  records?: number
}

export interface CheckStep {
  name: string
  /** `notDone` says why a step could not be tried; it is not a failure. */
  result: 'passed' | 'failed' | 'notDone'
  detail: string
  fault?: { code: ErrorCode; detail: string }
}

export interface SourceRequest {
  stream: string
  /** Valid by `spec.sourceSettings`. */
  settings: DataRecord
  /** Fields of the source record that identify it, where the source has them under a known name. */
  key: readonly string[]
  ledger: Ledger
}

export interface ReadRequest {
  /** The `position` of a page of an earlier, interrupted read: go on after it. */
  after?: string
  /** Only records whose cursor field is at or after this value. */
  since?: { field: string; value: string }
  /** All pages are to be of one moment, where the source can; the end of the listing says whether they are. */
  snapshot?: boolean
  /** Records per page that suit the caller; a hint. */
  pageSize: number
  signal: AbortSignal
}

export interface Source {
  /** As in Target: what an earlier run read at another address is no reason to leave anything out. */
  readonly address?: string
  /** False when every value arrives as text (csv, xml): the core then converts by the workflow's schema. */
  readonly typed: boolean
  /** The fields that every record has, where they are known before one is read. */
  readonly fields?: readonly string[]
  /** As in Target. */
  readonly json?: readonly string[]
  /** @throws Fault SOURCE_CHANGED when `after` belongs to a source that is no longer there */
  read(request: ReadRequest): AsyncIterable<Page>
  /** Records by key, in the order asked; undefined where there is none. */
  lookup?(keys: readonly DataRecord[]): Promise<(DataRecord | undefined)[]>
  /** For who reads the bytes of CSV files by itself; undefined where they are packed, not local or not CSV. */
  csvFiles?(): Promise<readonly CsvFile[] | undefined>
  /**
   * For questions about all records that are answered where the records are. Undefined where these fields cannot be
   * added up or hashed so that the answer is exactly that of reading them.
   */
  snapshot?(request: SnapshotRequest): Promise<Snapshot | undefined>
}

/** How a CSV file is written, for who reads its bytes by itself. */
export interface CsvLayout {
  /** Or in the part of it that is ASCII. */
  utf8: boolean
  delimiter: string
  /** '' where nothing is quoted. */
  quote: string
  escape: string
  /** What nothing between two delimiters means. */
  empty: 'null' | 'text' | 'absent'
  nullText?: string
  absentText?: string
  /** An apostrophe in front of a text may have to go. */
  unescape: boolean
  columns: readonly string[]
  /** Where the first row of data begins: bytes and lines before it. */
  body: { offset: number; line: number }
}

export interface CsvText {
  /** Undefined for a file with nothing in it. */
  layout: CsvLayout | undefined
  /** Makes of whole rows what `read` makes of them. @param line lines of the file before them */
  rows(text: string, line: number): { rows: (DataRecord | MalformedRow)[]; truncated?: string | undefined }
}

export interface CsvFile extends CsvText {
  /** For messages. */
  name: string
  size: number
  open(): Promise<FileReader>
  /** Whether it is another than it was when this was made. */
  changed(): Promise<boolean>
}

export interface Page {
  /** A row that could not be read as a record stands in its place as a MalformedRow. */
  rows: readonly (DataRecord | MalformedRow)[]
  /**
   * Where rows[index] stands, such as 'stock.csv line 18', in a source that knows more than its ordinal. It is kept
   * longer than the rows and must not hold them.
   */
  place?: (index: number) => string
  /** Ordinal of rows[0] in the whole read, from 1. The same row has the same ordinal when read again. */
  firstRow: number
  /** From here a later read goes on after this page. Opaque to the core. */
  position: string
  /** On the last page only. */
  end?: ListingEnd
}

/** Whether the source proved that it listed everything; deletes in mirror mode rest on it. */
export interface ListingEnd {
  complete: boolean
  /** How many records the source itself says there are. */
  total?: number
  /** Why the listing is or is not complete, in words. */
  evidence: string
  /** Whether all pages are of one moment. Absent: nobody can tell, so they are not. */
  snapshot?: Consistency
}

export interface Consistency {
  consistent: boolean
  /** What shows that they are, or may not be, of one moment; in words. */
  evidence: string
}

export class MalformedRow {
  constructor(
    readonly rejection: Rejection,
    /** Where it stands, such as 'stock.csv line 18'. */
    readonly place: string,
    /** The row as it arrived, cut to 4 KiB. */
    readonly raw: string,
  ) {}
}

export interface TargetRequest {
  stream: string
  /** Valid by `spec.targetSettings`. */
  settings: DataRecord
  key: readonly string[]
  mode: SyncMode
  /** Schema of the records that will arrive, where the workflow has one. */
  schema?: JsonSchema
  softDelete?: DataRecord
  /** Identifies the workflow in what the target keeps for it (ledger of idempotency keys). */
  workflow: string
  ledger: Ledger
  /** Nothing will be written: it is planned, or records are looked up. Keeps no writer out. */
  looks?: boolean
}

export interface Target {
  readonly abilities: TargetAbilities
  /**
   * Where the records go, for people and without secrets: what is remembered of another address does not hold here.
   * Undefined where another one says nothing, such as a file with the date in its name.
   */
  readonly address?: string
  /** Fields that hold any JSON: what a source that knows only texts has for them is read as JSON. */
  readonly json?: readonly string[]
  /**
   * One answer per write, in the same order. Records refused one by one are answers; a Fault means that the batch as a
   * whole was refused (`bisect`), not reached (`wait`), or is in doubt (`verify`).
   */
  write(batch: Batch, signal: AbortSignal): Promise<Answer[]>
  /** What each write would do, with nothing changed; where the target can tell. */
  plan?(batch: Batch, signal: AbortSignal): Promise<Answer[]>
  /** Records by key, in the order asked; undefined where there is none. */
  lookup?(keys: readonly DataRecord[], signal: AbortSignal): Promise<(DataRecord | undefined)[]>
  /** The keys of all records that the target holds. */
  keys?(signal: AbortSignal): AsyncIterable<readonly DataRecord[]>
  /**
   * Tells whether what the core remembers of the target can still hold. `identity` changes when the content was replaced
   * by other means (a new table, a truncation); `records` is how many there are.
   */
  fingerprint?(signal: AbortSignal): Promise<{ identity: string; records: () => Promise<number> }>
  /** Makes the run's writes visible where they are not yet (files). Called once after the last batch; safe to repeat. */
  finish?(signal: AbortSignal): Promise<void>
}

export interface TargetAbilities {
  /** The target compares by itself and answers `created`, `updated` or `unchanged`; the core then keeps no hashes. */
  compares: boolean
  /**
   * What the same batch does when it arrives again.
   * - `replayed`: the target knows the idempotency key and answers as the first time.
   * - `harmless`: writing again changes nothing more.
   * - `doubles`: it would be written twice; the core reads back before it repeats.
   */
  repeat: 'replayed' | 'harmless' | 'doubles'
  /** A refused batch has written nothing, so it may be split to find the records at fault. */
  atomic: boolean
  /** Answers to updates and deletes carry what the target held before, so a run can be undone. */
  before: boolean
  /** Writes per batch that suit the target best; used where the workflow says nothing. */
  preferredBatch?: number
  maxBatch?: number
  maxConcurrency?: number
}

export type Operation = 'insert' | 'update' | 'upsert' | 'delete'

export interface Write {
  operation: Operation
  key: DataRecord
  /** The whole mapped record; for a delete only the key. */
  record: DataRecord
  /** Whether the target is known to hold the record; undefined where the core does not know. */
  exists?: boolean | undefined
  /** Of workflow, key, operation and payload: the same write always has the same one. */
  idempotencyKey: string
  /** `record` as JSON text, for targets that send JSON: spares printing it again. */
  json: string
}

export interface Batch {
  /** Of all its writes' keys. */
  idempotencyKey: string
  writes: readonly Write[]
}

/** The fields that the target holds otherwise than they were sent, such as rounded, as it holds them. */
export type Altered = DataRecord

export type Answer =
  /** `assumed`: it was taken, and the target does not say whether it held it before; undo leaves such a record alone. */
  | { outcome: 'created'; assumed?: true; altered?: Altered }
  | { outcome: 'unchanged' }
  | { outcome: 'updated' | 'deleted'; before?: DataRecord; altered?: Altered }
  | { outcome: 'skipped'; reason: SkipReason }
  | { outcome: 'rejected'; code: ErrorCode; message: string; pointer?: string }
  /** This record, though the batch went through, has to be sent again later (per-record 429 or 503). */
  | { outcome: 'retry'; afterMs?: number }
  | { outcome: 'unknown'; message: string }

/** Why a record was left alone although it differs. */
export type SkipReason =
  /** insert-only: it is there already */
  | 'exists'
  /** update-only: it is not there */
  | 'absent'
  /** the same record, with the same values, came earlier in this run */
  | 'duplicate'
  /** a guard holds it until somebody approves */
  | 'held'
  /** somebody decided that the target stays as it is */
  | 'accepted'
