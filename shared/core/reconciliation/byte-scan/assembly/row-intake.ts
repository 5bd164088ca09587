import { Kind, Stop } from '../walk-plan'
import { addTotals, takeMeasures } from './byte-totals'
import { groupNumber } from './group-index'
import { instantAt, seconds } from './instant-bytes'
import { flush, isOpen } from './pair-table'
import { endEntry, isFull } from './row-entries'
import { standGroup } from './row-group'
import { Keyed, putKey } from './row-key'
import { rowHash, slotOf } from './row-slots'
import { RowState, breaks, end, state, walkRow } from './row-walk'

let side: i32 = 0
/** The field that says when a record changed; -1 where none does. */
let cutOff: i32 = -1
let newest: i64 = i64.MIN_VALUE

/** Of the last call: the row where it stopped and what comes after it, rows taken in, lines before the row. */
let stopped: usize = 0
let after: usize = 0
let rows: i32 = 0
let lines: i32 = 0

/** @param field the number of the field that says when a record changed, or -1 */
export function beginSide(number: i32, field: i32): void {
  side = number
  cutOff = field
  newest = i64.MIN_VALUE
}

/**
 * Takes in rows: their totals, and key and hash.
 *
 * @param place of the first of them in all files of the side together
 * @returns why it stopped; one of `Stop`
 */
export function takeRows(from: usize, place: f64): Stop {
  let at = from
  rows = 0
  lines = 0
  let stop = Stop.end
  while (at < end) {
    if (isFull()) {
      if (!isOpen) {
        stop = Stop.full
        break
      }
      flush(side)
    }
    const next = walkRow(at)
    if (next == 0) break
    after = next
    if (state == RowState.blank) {
      lines++
      at = next
      continue
    }
    stop = state == RowState.plain ? takeRow(place + ((at - from) as f64)) : Stop.record
    if (stop == Stop.record || stop == Stop.key) break
    rows++
    lines += 1 + breaks
    at = next
    if (stop == Stop.newest) break
  }
  stopped = at
  return stop
}

export function stoppedAt(): usize {
  return stopped
}

/** What comes after the row where it stopped. */
export function rowEnd(): usize {
  return after
}

export function rowsTaken(): i32 {
  return rows
}

export function linesTaken(): i32 {
  return lines
}

/** Takes in the row that waits for its key, which was put together. @returns as `takeRows`, for this row */
export function takeKeyed(place: f64): Stop {
  rows = 0
  lines = 0
  const stop = takeWithKey(place)
  if (stop != Stop.record) {
    rows = 1
    lines = 1 + breaks
  }
  return stop
}

/** The row of a record, whose values and key were put in. */
export function takeRecord(place: f64): void {
  endEntry(rowHash(), place)
}

function takeRow(place: f64): Stop {
  if (!takeMeasures() || !standGroup()) return Stop.record
  const keyed = putKey()
  if (keyed == Keyed.yes) return takeWithKey(place)
  return keyed == Keyed.no ? Stop.record : Stop.key
}

function takeWithKey(place: f64): Stop {
  if (!addTotals(groupNumber(), side)) return Stop.record
  endEntry(rowHash(), place)
  return cutOff >= 0 && isNewest() ? Stop.newest : Stop.end
}

/** Whether the row may be newer than those before it. */
function isNewest(): bool {
  const slot = slotOf(cutOff)
  if (slot.kind != Kind.text || slot.size == 0) return false
  if (!instantAt(slot.from, slot.to)) return true
  if (seconds < newest) return false
  newest = seconds
  return true
}
