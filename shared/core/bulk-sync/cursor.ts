import { Decimal } from '../record/decimal'
import { maskValue } from '../record/mask'
import { textOf, type DataRecord, type Value } from '../record/value'
import { compareCursor, distanceMs, isAhead } from './cursor-value'

export interface CursorProgress {
  /** Greatest cursor value read. */
  high: string
  /** Least cursor value of a record that has to be tried again. */
  retry?: string
  late: LateSummary
}

export interface LateSummary {
  count: number
  maxMs: number
  /** Counts by power of two of milliseconds: the p99 comes from here. */
  buckets: number[]
}

export interface SavedCursor {
  field: string
  value: string
}

const BUCKETS = 40
/** A clock may be set back a little. */
const DAY_MS = 86_400_000

/** Follows the cursor field through a run and measures how late records arrive. */
export class CursorTracker {
  /** Records with a time that has not come yet. */
  ahead = 0
  private high: string | undefined
  private retry: string | undefined
  private readonly late: LateSummary = { count: 0, maxMs: 0, buckets: [] }

  /**
   * @param saved where the last run ended; rows at or before it that bring something new arrived late
   * @param now milliseconds since 1970
   */
  constructor(
    readonly field: string,
    private readonly saved: SavedCursor | undefined,
    progress: CursorProgress | undefined,
    private readonly now: () => number,
  ) {
    if (!progress) return
    this.high = progress.high
    this.retry = progress.retry
    this.late = copyOf(progress.late)
  }

  static valueOf(record: DataRecord, field: string): string | undefined {
    return cursorText(record[field])
  }

  /** One time in the future, mistyped, would leave out all that changes until then: no run begins after its own day. */
  read(value: string | undefined): void {
    if (value === undefined || (this.high !== undefined && compareCursor(value, this.high) <= 0)) return
    if (isAhead(value, this.now())) this.ahead++
    else this.high = value
  }

  /** The record has to be tried again: the next run must read from it. */
  failed(value: string | undefined): void {
    if (value !== undefined && (this.retry === undefined || compareCursor(value, this.retry) < 0))
      this.retry = value
  }

  /** The record brought something new. */
  written(value: string | undefined): void {
    if (value === undefined || this.saved?.field !== this.field) return
    if (compareCursor(value, this.saved.value) >= 0) return
    const lateMs = distanceMs(value, this.saved.value)
    this.late.count++
    this.late.maxMs = Math.max(this.late.maxMs, lateMs)
    const bucket = Math.min(BUCKETS - 1, Math.ceil(Math.log2(lateMs + 1)))
    this.late.buckets[bucket] = (this.late.buckets[bucket] ?? 0) + 1
  }

  progress(): CursorProgress | undefined {
    if (this.high === undefined) return undefined
    const progress: CursorProgress = { high: this.high, late: copyOf(this.late) }
    if (this.retry !== undefined) progress.retry = this.retry
    return progress
  }

  /** Where the next run begins, before its lag: never after a record that failed. */
  next(): SavedCursor | undefined {
    const value = this.retry ?? this.high ?? this.saved?.value
    return value === undefined ? undefined : { field: this.field, value }
  }
}

/** As people may see it. */
export function shownCursor(cursor: SavedCursor, personal: readonly string[]): SavedCursor {
  return personal.includes(cursor.field) ? { ...cursor, value: textOf(maskValue(cursor.value)) } : cursor
}

/** Where an incremental run begins. One far in the future is of no use: nothing would be read until then. */
export function usableCursor(saved: SavedCursor | undefined, nowMs: number): SavedCursor | undefined {
  return saved && isAhead(saved.value, nowMs + DAY_MS) ? undefined : saved
}

/** Twice the 99th percentile of lateness, in whole minutes; undefined when nothing was late. */
export function proposedLagMs(late: LateSummary): number | undefined {
  if (late.count === 0) return undefined
  let rest = Math.ceil(late.count * 0.99)
  for (const [bucket, count] of late.buckets.entries()) {
    rest -= count
    if (rest <= 0) return Math.ceil((2 * Math.min(2 ** bucket, late.maxMs)) / 60_000) * 60_000
  }
  return Math.ceil((2 * late.maxMs) / 60_000) * 60_000
}

function cursorText(value: Value | undefined): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value
  if (typeof value === 'number' || value instanceof Decimal) return String(value)
  return undefined
}

function copyOf(late: LateSummary): LateSummary {
  return {
    count: late.count,
    maxMs: late.maxMs,
    buckets: Array.from(late.buckets, (count: number | undefined) => count ?? 0),
  }
}
