import { Key, findKey, keysSize, openKeys, placeOf, touch } from './key-table'
import { Room } from './memory'
import { Entry, MOST_ENTRIES, clearEntries, entriesAt, entriesSize } from './row-entries'

/** A row beyond the first of a key and side. */
@unmanaged
export class More {
  /** The one before; 0 for the first. */
  before: u32 = 0
  place: u32 = 0
  /** The side in the highest bit, below it high bits of the place. */
  high: u32 = 0
}

const MORE_SIZE: usize = offsetof<More>()
export const SOURCE: u32 = 1
export const TARGET: u32 = 2
export const UNEQUAL: u32 = 4
export const AGREED: u32 = SOURCE | TARGET
export const STATES: u32 = 7
const MORE: u32 = 0x80000000
/** High bits of a place begin here in the state, those of the second as many further on. */
export const HIGH: u32 = 3
export const HIGH_BITS: u32 = 14

const mores = new Room()
let moreCount: usize = 0

/** Entries of a batch, and where their keys may stand. */
const batch = memory.data(MOST_ENTRIES * 4)
const found = memory.data(MOST_ENTRIES * 4)

let agreed: i32 = 0
let repeatedSource: i32 = 0
let repeatedTarget: i32 = 0
export let isOpen: bool = false

/**
 * The rows of both sides by key. While a key has one row, its hash stands beside the key; where both sides have one, the
 * low word of the place of the target's stands instead of the half of the hash; where a side has a second one, the number
 * of the last that came on top instead of the other half.
 *
 * @param bytes that the keys may take; there is room for more
 */
export function openTable(expected: usize, bytes: usize): void {
  openKeys(expected, bytes)
  moreCount = 0
  agreed = 0
  repeatedSource = 0
  repeatedTarget = 0
  isOpen = true
}

/** From now on rows are taken away by who has more room. */
export function closeTable(): void {
  isOpen = false
}

/** Bytes in use. */
export function tableSize(): f64 {
  return (keysSize() as f64) + (moreCount as f64) * (MORE_SIZE as f64)
}

export function agreedRows(): i32 {
  return agreed
}

export function repeatedRows(side: i32): i32 {
  return side == 0 ? repeatedSource : repeatedTarget
}

/** Takes in the entries that wait: all of the source before those of the target. */
export function flush(side: i32): void {
  takeEntries(side, entriesSize())
  clearEntries()
}

/** Takes in whole entries. @returns how many bytes they took */
export function takeEntries(side: i32, size: usize): usize {
  const first = entriesAt()
  const end = first + size
  let at = first
  let count = 0
  while (at + offsetof<Entry>() <= end && changetype<Entry>(at).next <= end) {
    store<u32>(batch + (count << 2), at as u32)
    at = changetype<Entry>(at).next
    if (++count == MOST_ENTRIES) {
      takeBatch(side, count)
      count = 0
    }
  }
  takeBatch(side, count)
  return at - first
}

/** Each of these loops waits for memory once for all entries, not once for each. */
function takeBatch(side: i32, count: i32): void {
  for (let i = 0; i < count; i++) store<u32>(found + (i << 2), placeOf(entryAt(i).keyLow))
  for (let i = 0; i < count; i++) touch(load<u32>(found + (i << 2)))
  for (let i = 0; i < count; i++) put(side, findKey(entryAt(i)), entryAt(i))
}

function entryAt(i: i32): Entry {
  return changetype<Entry>(load<u32>(batch + (i << 2)))
}

/** The number of the last row of a key that came on top; 0 where there is none. */
export function lastMoreOf(key: Key): u32 {
  return (key.state & MORE) == 0 ? 0 : key.rowHigh
}

/** @param number from 1 */
export function moreAt(number: usize): More {
  return changetype<More>(mores.at + (number - 1) * MORE_SIZE)
}

function put(side: i32, key: Key, entry: Entry): void {
  const state = key.state
  const own = side == 0 ? SOURCE : TARGET
  if ((state & own) != 0) {
    addMore(side, key, entry)
    return
  }
  if (state == 0) {
    key.rowLow = entry.rowLow
    key.rowHigh = entry.rowHigh
    key.place = entry.placeLow
    key.state = own | (entry.placeHigh << HIGH)
  } else {
    const equal = (state & UNEQUAL) == 0 && key.rowLow == entry.rowLow && key.rowHigh == entry.rowHigh
    if (equal) agreed++
    key.rowLow = entry.placeLow
    key.state = state | own | (entry.placeHigh << (HIGH + HIGH_BITS)) | (equal ? 0 : UNEQUAL)
  }
}

function addMore(side: i32, key: Key, entry: Entry): void {
  if ((key.state & STATES) == AGREED) agreed--
  if (side == 0) repeatedSource++
  else repeatedTarget++
  mores.reserve((moreCount + 1) * MORE_SIZE)
  const more = moreAt(++moreCount)
  more.before = lastMoreOf(key)
  more.place = entry.placeLow
  more.high = ((side as u32) << 31) | entry.placeHigh
  key.rowHigh = moreCount as u32
  key.state |= UNEQUAL | MORE
}
