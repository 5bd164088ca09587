import type { CsvText, MalformedRow } from '../connector'
import type { Ledger } from '../record/ledger'
import type { Rejection } from '../record/rejection'
import type { DataRecord } from '../record/value'

/** Where a row begins: bytes (unpacked) and lines before it. Only a format's own reader makes and reads them. */
export interface Mark {
  offset: number
  line: number
}

export const BEGINNING: Mark = { offset: 0, line: 0 }

export type Row = DataRecord | MalformedRow

export interface RowChunk {
  rows: Row[]
  /** A read from here yields rows[0] first. */
  start: Mark
  /** Where rows[index] stands, for people, such as 'stock.csv line 18'. */
  place: (index: number) => string
  /** Why the rows may not be all that there should be, such as a file that was cut short. */
  incomplete?: string
}

/** A file as a reader sees it. `open` may be called more than once. */
export interface FileInput {
  /** For messages. */
  name: string
  open(start?: number): AsyncIterable<Uint8Array>
}

export interface WriteContext {
  /** For messages. */
  name: string
  ledger: Ledger
  /** The file that is written anew. */
  old?: FileInput
}

/** One file format: how its bytes become records and records its bytes. Streams; never holds the whole file. */
export interface Format {
  /** False when every value arrives as text. */
  readonly typed: boolean
  /** Of CSV: what it takes to read the bytes without this. */
  csv?(input: FileInput): Promise<CsvText>
  /** True when a value that was written may come back as its text. */
  readonly textual: boolean
  /** @throws Fault when the file as a whole cannot be understood; a bad row is a MalformedRow */
  read(input: FileInput, from: Mark): AsyncIterable<RowChunk>
  /** Every record by the time `records` ends; it may be asked for twice (headers come from all rows). */
  write(records: () => AsyncIterable<readonly DataRecord[]>, context: WriteContext): AsyncIterable<Uint8Array>
  /**
   * The same file with records added, without reading it into records first.
   * Undefined where the old content does not allow it; then it is read and written anew.
   */
  append?(
    old: FileInput,
    records: () => AsyncIterable<readonly DataRecord[]>,
    context: WriteContext,
  ): Promise<AsyncIterable<Uint8Array> | undefined>
  /** Why this record cannot be written in this format. */
  refuse?(record: DataRecord): Rejection | undefined
}
