import { Room, sameBytes } from './memory'
import {
  Entry,
  MOST_ENTRIES,
  addKey,
  beginKey,
  clearEntries,
  endEntry,
  entriesAt,
  entriesSize,
  isFull,
  lowHashOf,
  wordsOf,
} from './row-entries'
import { keyParts } from './row-key'

/**
 * Beside a key: the hash of its row, the low word of the place of its first row, high bits of places and the state. Where
 * both sides have a row their hashes are no longer needed: the place of the target's comes instead. Nor are they where a
 * side has a second row: the first of those that come on top stands instead of the other word.
 */
@unmanaged
class Key {
  rowLow: u32 = 0
  rowHigh: u32 = 0
  place: u32 = 0
  state: u32 = 0

  get text(): usize {
    return changetype<usize>(this) + LANES
  }

  get secondPlace(): u32 {
    return this.rowLow
  }

  get more(): u32 {
    return (this.state & MORE) == 0 ? 0 : this.rowHigh
  }

  /** Where the text ends. */
  get end(): usize {
    let end = this.text
    for (let part = 0; part < keyParts; part++) end += wordsOf(load<u32>(end))
    return end
  }
}

/** A row beyond the first of a key and side. */
@unmanaged
class More {
  next: u32 = 0
  place: u32 = 0
  /** The side in the highest bit, below it high bits of the place. */
  high: u32 = 0
}

const LANES: usize = offsetof<Key>()
const MORE_SIZE: usize = offsetof<More>()
const SOURCE: u32 = 1
const TARGET: u32 = 2
const UNEQUAL: u32 = 4
const AGREED: u32 = SOURCE | TARGET
const STATES: u32 = 7
const MORE: u32 = 0x80000000
/** High bits of a place begin here in the state, those of the second as many further on. */
const HIGH: u32 = 3
const HIGH_BITS: u32 = 14
const HIGH_MASK: u32 = 0x3fff
const WORD: f64 = 4294967296
/** A slot is the place of a key in words, from 1, after four bits of its hash: few others are looked at in vain. */
const TAG: u32 = 15
const TAG_BITS: u32 = 4
/** From its place on, most of a key that does not stand in the same line of the cache does so here. */
const FURTHER: usize = 40
const FIRST_SLOTS: usize = 1 << 10
const FIRST_ARENA: usize = 1 << 16
/** What may be allocated at once, and is addressed by a slot. */
const MOST_ARENA: usize = 0x3fffff00

/** Keys, each with what stands beside it, in the order in which they are met. */
const arena = new Room()
let arenaEnd: usize = 0
/** Open addressing over 32-bit hashes, two thirds full at the most; every hit is verified by the bytes. */
const slots = new Room()
let slotCount: usize = 0
let keys: usize = 0
const mores = new Room()
/** From 1. */
let moreCount: usize = 0

/** Entries of a batch, and where their keys may stand. */
const batch = memory.data(MOST_ENTRIES * 4)
const found = memory.data(MOST_ENTRIES * 4)
/** Keeps loads that are only there to fill the cache. */
let warm: u32 = 0

let agreed: i32 = 0
let repeatedSource: i32 = 0
let repeatedTarget: i32 = 0
export let isOpen: bool = false

/** @param bytes that their texts may take; there is room for more */
export function openTable(expected: usize, bytes: usize): void {
  makeSlots(max(FIRST_SLOTS, (expected * 3) / 2))
  arena.resize(min(max(FIRST_ARENA, bytes + expected * LANES), MOST_ARENA))
  isOpen = true
}

/** Gives back the memory that only adding needs. */
export function closeTable(): void {
  slots.drop()
}

/** Gives back all memory. */
export function dropTable(): void {
  slots.drop()
  arena.drop()
  mores.drop()
  arenaEnd = 0
  keys = 0
  moreCount = 0
  agreed = 0
  repeatedSource = 0
  repeatedTarget = 0
  isOpen = false
}

export function tableKeys(): usize {
  return keys
}

/** Bytes in use. */
export function tableSize(): f64 {
  return (slots.size as f64) + (arenaEnd as f64) + (moreCount as f64) * (MORE_SIZE as f64)
}

/** Bytes of the texts of all keys. */
export function keyBytes(): f64 {
  return (arenaEnd - keys * LANES) as f64
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
  for (let i = 0; i < count; i++) {
    const at = arena.at + load<u32>(found + (i << 2))
    warm ^= load<u32>(at) ^ load<u32>(at + FURTHER)
  }
  for (let i = 0; i < count; i++) put(side, find(entryAt(i)), entryAt(i))
}

function entryAt(i: i32): Entry {
  return changetype<Entry>(load<u32>(batch + (i << 2)))
}

/** Where the first key stands that may have this hash. */
function placeOf(hash: u32): u32 {
  let at = slotAt(hash)
  while (true) {
    const slot = load<u32>(at)
    if (slot == 0) return 0
    if (((slot ^ hash) & TAG) == 0) return placeIn(slot)
    at = slotAfter(at)
  }
}

function find(entry: Entry): Key {
  const hash = entry.keyLow
  let at = slotAt(hash)
  while (true) {
    const slot = load<u32>(at)
    if (slot == 0) break
    if (((slot ^ hash) & TAG) == 0) {
      const key = keyAt(placeIn(slot))
      if (sameBytes(key.text, entry.key, entry.keySize)) return key
    }
    at = slotAfter(at)
  }
  setSlot(at, hash, arenaEnd)
  const key = append(entry)
  if (++keys * 3 > slotCount * 2) grow()
  return key
}

function append(entry: Entry): Key {
  const size = entry.keySize as usize
  const at = arenaEnd
  arenaEnd += LANES + size
  if (arenaEnd > arena.size) arena.resize(max(arenaEnd, min(arena.size + arena.size / 2, MOST_ARENA)))
  const key = keyAt(at)
  key.state = 0
  memory.copy(key.text, entry.key, size)
  return key
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
  more.next = key.more
  more.place = entry.placeLow
  more.high = ((side as u32) << 31) | entry.placeHigh
  key.rowHigh = moreCount as u32
  key.state |= UNEQUAL | MORE
}

// For who asks for the rows of a key. Keys are told by where they stand.

export function tableEnd(): usize {
  return arenaEnd
}

/** The first key from `at` on, before `limit`, that is not known to agree; else where the keys from `limit` on begin. */
export function nextUnequal(at: usize, limit: usize): usize {
  let place = at
  while (place < limit && (keyAt(place).state & STATES) == AGREED) place = nextKey(place)
  return place
}

export function nextKey(at: usize): usize {
  return keyAt(at).end - arena.at
}

/** Where the first row of a side stands; -1 where it has none. */
export function firstPlace(at: usize, side: i32): f64 {
  const key = keyAt(at)
  const state = key.state
  const own = side == 0 ? SOURCE : TARGET
  if ((state & own) == 0) return -1
  const isFirst = side == 0 || (state & SOURCE) == 0
  return isFirst
    ? placeOfWords(key.place, state >> HIGH)
    : placeOfWords(key.secondPlace, state >> (HIGH + HIGH_BITS))
}

/** The last of the rows of a key that come on top; 0 where there are none. */
export function lastMore(at: usize): u32 {
  return keyAt(at).more
}

/** The one before. */
export function moreBefore(more: u32): u32 {
  return moreAt(more).next
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
  while (at < arenaEnd && !isFull()) {
    const key = keyAt(at)
    const end = key.end
    const place = firstPlace(at, side)
    if (place >= 0) {
      const hash = hashOf(key, side)
      unloadRow(key, end, hash, place)
      for (let more = key.more; more != 0; more = moreAt(more).next)
        if (moreSide(more) == side) unloadRow(key, end, hash, morePlace(more))
    }
    at = end - arena.at
  }
  return at
}

function unloadRow(key: Key, end: usize, hash: u64, place: f64): void {
  beginKey()
  addKey(key.text, end - key.text)
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

function keyAt(at: usize): Key {
  return changetype<Key>(arena.at + at)
}

/** @param more from 1 */
function moreAt(more: usize): More {
  return changetype<More>(mores.at + (more - 1) * MORE_SIZE)
}

/** By the upper bits of a hash: there may be any number of slots. */
function slotAt(hash: u32): usize {
  return (slots.at + ((((hash as u64) * (slotCount as u64)) >> 32) << 2)) as usize
}

function slotAfter(at: usize): usize {
  const next = at + 4
  return next == slots.at + (slotCount << 2) ? slots.at : next
}

function placeIn(slot: u32): u32 {
  return ((slot >> TAG_BITS) - 1) << 2
}

function setSlot(at: usize, hash: u32, place: usize): void {
  store<u32>(at, ((((place >> 2) + 1) as u32) << TAG_BITS) | (hash & TAG))
}

function makeSlots(count: usize): void {
  slots.drop()
  slots.resize(count << 2)
  memory.fill(slots.at, 0, count << 2)
  slotCount = count
}

function grow(): void {
  makeSlots(slotCount << 1)
  for (let place: usize = 0; place < arenaEnd;) {
    const key = keyAt(place)
    const end = key.end
    const hash = lowHashOf(key.text, end - key.text)
    let at = slotAt(hash)
    while (load<u32>(at) != 0) at = slotAfter(at)
    setSlot(at, hash, place)
    place = end - arena.at
  }
}
