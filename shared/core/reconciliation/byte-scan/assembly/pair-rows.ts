// For who asks for the rows of keys, which are told by where they stand.

import { Key, keyAt, keysEnd, nextKey } from './key-table'
import { AGREED, HIGH, HIGH_BITS, SOURCE, STATES, TARGET, UNEQUAL, lastMoreOf, moreAt } from './pair-table'
import { addKey, beginKey, endEntry, isFull } from './row-entries'

const HIGH_MASK: u32 = 0x3fff
const WORD: f64 = 4294967296

/** The first key from `at` on, before `limit`, that is not known to agree; else where the keys from `limit` on begin. */
export function nextUnequal(at: usize, limit: usize): usize {
  let place = at
  while (place < limit && (keyAt(place).state & STATES) == AGREED) place = nextKey(place)
  return place
}

/** Where the first row of a side stands; -1 where it has none. */
export function firstPlace(at: usize, side: i32): f64 {
  const key = keyAt(at)
  const state = key.state
  const own = side == 0 ? SOURCE : TARGET
  if ((state & own) == 0) return -1
  // rows of the source come before those of the target
  const isFirst = side == 0 || (state & SOURCE) == 0
  return isFirst
    ? placeOfWords(key.place, state >> HIGH)
    : placeOfWords(key.rowLow, state >> (HIGH + HIGH_BITS))
}

/** The last of the rows of a key that come on top; 0 where there are none. */
export function lastMore(at: usize): u32 {
  return lastMoreOf(keyAt(at))
}

/** The one before. */
export function moreBefore(more: u32): u32 {
  return moreAt(more).before
}

export function moreSide(more: u32): i32 {
  return (moreAt(more).high >> 31) as i32
}

export function morePlace(more: u32): f64 {
  return placeOfWords(moreAt(more).place, moreAt(more).high)
}

/**
 * Makes entries again of rows of a side, from the key at `at` on, until those that wait are full. Rows known to differ
 * differ there too.
 *
 * @returns the key where it stopped
 */
export function unload(from: usize, side: i32): usize {
  let at = from
  while (at < keysEnd() && !isFull()) {
    const key = keyAt(at)
    const place = firstPlace(at, side)
    if (place >= 0) {
      const hash = hashOf(key, side)
      unloadRow(key, hash, place)
      for (let more = lastMoreOf(key); more != 0; more = moreAt(more).before)
        if (moreSide(more) == side) unloadRow(key, hash, morePlace(more))
    }
    at = nextKey(at)
  }
  return at
}

function unloadRow(key: Key, hash: u64, place: f64): void {
  beginKey()
  addKey(key.text, key.end - key.text)
  endEntry(hash, place)
}

/** That of the row while it stands alone, else one by which both differ or agree. */
function hashOf(key: Key, side: i32): u64 {
  const state = key.state
  if ((state & AGREED) == AGREED) return (state & UNEQUAL) == 0 ? 0 : side
  return ((key.rowHigh as u64) << 32) | key.rowLow
}

function placeOfWords(low: u32, high: u32): f64 {
  return ((high & HIGH_MASK) as f64) * WORD + (low as f64)
}
