import type { MeasureTotals } from './reconciliation/measure-totals'
import type { Dimension, Measure } from './reconciliation/settings'
import type { DataRecord, Value } from './record/value'

/** What will be asked of a snapshot. Fields are those of the stream. */
export interface SnapshotRequest {
  key: readonly string[]
  /** What the checksum of a record covers beside its key. */
  fields: readonly string[]
  dimensions: readonly Pick<Dimension, 'field' | 'by'>[]
  measures: readonly Pick<Measure, 'fields'>[]
  /** The field whose latest time `newest` tells. */
  changed?: string
}

/**
 * All records of a stream as of one moment, where the system that holds them adds up and hashes by itself. Whoever opened
 * it closes it. One question at a time.
 */
export interface Snapshot {
  /** Only checksums of the same dialect can be compared. It names how they are made and of what types. */
  readonly dialect: string
  /** Whether no two records can have the same key. */
  readonly uniqueKey: boolean
  /** Without dimensions one group, also where there is no record. */
  totals(): Promise<readonly SnapshotTotals[]>
  /** Undefined where no record has a time there, or none was asked for. */
  newest(): Promise<string | undefined>
  /**
   * Spreads the records over buckets by a hash of their key. In bucket -1 are those whose key has no sure hash: a part is
   * missing, or could be written in another way. Empty buckets are left out; the order is open.
   * @param buckets a power of two from 8 on
   */
  checksums(buckets: number): Promise<readonly BucketChecksum[]>
  /** Of as many buckets those that may hold several records with the same key. */
  repeated(buckets: number): Promise<readonly number[]>
  /** The records of the wanted ones of as many buckets, as `read` would give them. */
  records(request: BucketRequest): AsyncIterable<readonly DataRecord[]>
  close(): Promise<void>
}

/** Totals by groups that are at least as fine as those that were asked for. */
export interface SnapshotTotals {
  /** A value of each dimension's field that belongs to the group: dates may be cut to their period, texts to their start. */
  dimensions: readonly Value[]
  records: number
  measures: readonly MeasureTotals[]
}

export interface BucketChecksum {
  bucket: number
  records: number
  /** Of the records' 64-bit hashes over key and fields. */
  sum: string
}

export interface BucketRequest {
  buckets: number
  wanted: ReadonlySet<number>
  pageSize: number
  signal: AbortSignal
}
