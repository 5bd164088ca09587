import type { ListingEnd } from '../connector'
import type { MeasureTotals } from './measure-totals'
import type { DataRecord } from '../record/value'

/**
 * The first pass over both sides by the first match rule. Three ways of doing it behind this one interface: record by
 * record, over the bytes of CSV files, and by checksums that databases compute. All give the same.
 */
export interface FirstPass {
  /** What was found out of each side; complete when the pass is over. */
  readonly source: ReadSide
  readonly target: ReadSide
  /** Read once, to the end; then `result` is known. */
  unequal(): AsyncIterable<readonly KeyGroup[]>
  result(): FirstPassResult
}

export interface ReadSide {
  /** Absent where the side never said that it was at its end. */
  readonly end: ListingEnd | undefined
  /** The first few rows that could not be read, in words. */
  readonly unreadable: readonly string[]
  /** All that its mapped records have. */
  readonly fields: ReadonlySet<string>
  /** Records that count as not there, such as those marked as deleted. */
  readonly leftOut?: number
  /** The latest that a record has in the cut-off field; absent where not every record was seen. */
  readonly newest?: string | undefined
}

/** All records of one key on both sides, unless they are known to be one and one and equal in all compared fields. */
export interface KeyGroup {
  /** The key as `keyText` gives it, of the source's first record where there is one. */
  key: string
  source: readonly DataRecord[]
  target: readonly DataRecord[]
}

export interface FirstPassResult {
  source: SideCounts
  target: SideCounts
  /** Keys with one record on each side that are equal. */
  agreed: number
  /** By dimensions, in no order. With no dimensions: one, over everything. */
  totals: readonly GroupTotals[]
  method: 'records' | 'sorted' | 'bytes' | 'push-down'
}

export interface SideCounts {
  records: number
  /** Beyond the first of each key. */
  repeated: number
  /** Rows that could not be read, or that have no key: each is also a group of its own. */
  unreadable: number
}

export interface GroupTotals {
  dimensions: readonly string[]
  source: SideTotals
  target: SideTotals
}

export interface SideTotals {
  records: number
  /** By measure in the order of the settings. */
  measures: readonly MeasureTotals[]
}
