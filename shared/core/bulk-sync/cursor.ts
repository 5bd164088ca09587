import { Decimal } from '../record/decimal'
import type { DataRecord, Value } from '../record/value'

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

/** Follows the cursor field through a run and measures how late records arrive. */
export class CursorTracker {
  private high: string | undefined
  private retry: string | undefined
  private readonly late: LateSummary = { count: 0, maxMs: 0, buckets: [] }

  /** @param saved where the last run ended; rows at or before it that bring something new arrived late */
  constructor(
    readonly field: string,
    private readonly saved: SavedCursor | undefined,
    progress: CursorProgress | undefined,
  ) {
    if (!progress) return
    this.high = progress.high
    this.retry = progress.retry
    this.late = copyOf(progress.late)
  }

  static valueOf(record: DataRecord, field: string): string | undefined {
    return cursorText(record[field])
  }

  read(value: string | undefined): void {
    if (value !== undefined && (this.high === undefined || compareCursor(value, this.high) > 0))
      this.high = value
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

/** The value to read from: `lagMs` before the saved one, for date-times and epoch numbers in milliseconds. */
export function withLag(value: string, lagMs: number): string {
  if (lagMs === 0) return value
  const time = Date.parse(value)
  if (isDateTime(value) && !Number.isNaN(time)) return new Date(time - lagMs).toISOString()
  return value
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

/** Date-times by instant (then by text, for digits beyond milliseconds), numbers by value, else as text. */
function compareCursor(one: string, two: string): number {
  if (one === two) return 0
  if (isDateTime(one) && isDateTime(two)) {
    const apart = Date.parse(one) - Date.parse(two)
    if (apart !== 0 && !Number.isNaN(apart)) return apart
    return fraction(one) < fraction(two) ? -1 : fraction(one) > fraction(two) ? 1 : 0
  }
  if (Decimal.parse(one) && Decimal.parse(two)) {
    const apart = Number(one) - Number(two)
    if (apart !== 0) return apart
  }
  return one < two ? -1 : 1
}

function cursorText(value: Value | undefined): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value
  if (typeof value === 'number' || value instanceof Decimal) return String(value)
  return undefined
}

function isDateTime(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}/.test(text)
}

/** Digits of the second beyond the point, padded so that they compare as text. */
function fraction(text: string): string {
  return (/\.(\d+)/.exec(text)?.[1] ?? '').padEnd(12, '0')
}

function distanceMs(early: string, later: string): number {
  const apart = isDateTime(early) ? Date.parse(later) - Date.parse(early) : Number(later) - Number(early)
  return Number.isFinite(apart) ? Math.max(0, apart) : 0
}

function copyOf(late: LateSummary): LateSummary {
  return {
    count: late.count,
    maxMs: late.maxMs,
    buckets: Array.from(late.buckets, (count: number | undefined) => count ?? 0),
  }
}
