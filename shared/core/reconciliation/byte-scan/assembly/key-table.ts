import { Room, sameBytes } from './memory'
import { Entry, lowHashOf, partSize } from './row-entries'
import { keyParts } from './row-key'

/**
 * What stands beside a key, before its text: the hash of its row, the low word of the place of its first row, high bits of
 * places and the state. `pair-table.ts` says when other things stand there instead.
 */
@unmanaged
export class Key {
  rowLow: u32 = 0
  rowHigh: u32 = 0
  place: u32 = 0
  state: u32 = 0

  get text(): usize {
    return changetype<usize>(this) + LANES
  }

  /** Where the text ends. */
  get end(): usize {
    let end = this.text
    for (let part = 0; part < keyParts; part++) end += partSize(load<u32>(end))
    return end
  }
}

const LANES: usize = offsetof<Key>()
/** A slot is where a key stands in words, from 1, after four bits of its hash: few others are looked at in vain. */
const TAG: u32 = 15
const TAG_BITS: u32 = 4
/** From where it stands, most of a key that is not in the same line of the cache is so here. */
const FURTHER: usize = 40
const FIRST_SLOTS: usize = 1 << 10
const FIRST_ARENA: usize = 1 << 16
/** What may be allocated at once, and is addressed by a slot. */
const MOST_ARENA: usize = 0x3fffff00

/** Keys, in the order in which they are met. They are told by where they stand in it. */
const arena = new Room()
let end: usize = 0
/** Open addressing over 32-bit hashes, two thirds full at the most; every hit is verified by the bytes. */
const slots = new Room()
let slotCount: usize = 0
let count: usize = 0
/** Keeps loads that are only there to fill the cache. */
let warm: u32 = 0

/**
 * In place of the keys that were there. Their memory is kept: of tables of one size each stands where the one before was.
 *
 * @param bytes that their texts may take; there is room for more
 */
export function openKeys(expected: usize, bytes: usize): void {
  makeSlots(max(FIRST_SLOTS, (expected * 3) / 2))
  const needed = min(max(FIRST_ARENA, bytes + expected * LANES), MOST_ARENA)
  if (needed > arena.size) {
    arena.drop()
    arena.resize(needed)
  }
  end = 0
  count = 0
}

export function keyCount(): usize {
  return count
}

/** Bytes of the texts of all keys. */
export function keyBytes(): usize {
  return end - count * LANES
}

/** Bytes in use. */
export function keysSize(): usize {
  return (slotCount << 2) + end
}

export function keysEnd(): usize {
  return end
}

export function keyAt(at: usize): Key {
  return changetype<Key>(arena.at + at)
}

export function nextKey(at: usize): usize {
  return keyAt(at).end - arena.at
}

/** Where the first key stands that may have this hash. */
export function placeOf(hash: u32): u32 {
  let at = slotAt(hash)
  while (true) {
    const slot = load<u32>(at)
    if (slot == 0) return 0
    if (((slot ^ hash) & TAG) == 0) return placeIn(slot)
    at = slotAfter(at)
  }
}

/** Brings the key that stands there into the cache. */
export function touch(place: u32): void {
  const at = arena.at + place
  warm ^= load<u32>(at) ^ load<u32>(at + FURTHER)
}

/** The key of an entry; a new one has the state 0. */
export function findKey(entry: Entry): Key {
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
  setSlot(at, hash, end)
  const key = append(entry)
  if (++count * 3 > slotCount * 2) grow()
  return key
}

function append(entry: Entry): Key {
  const size = entry.keySize as usize
  const at = end
  end += LANES + size
  if (end > arena.size) arena.resize(max(end, min(arena.size + arena.size / 2, MOST_ARENA)))
  const key = keyAt(at)
  key.state = 0
  memory.copy(key.text, entry.key, size)
  return key
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
  const size = count << 2
  if (size > slots.size) {
    slots.drop()
    slots.resize(size)
  }
  memory.fill(slots.at, 0, size)
  slotCount = count
}

function grow(): void {
  makeSlots(slotCount << 1)
  for (let place: usize = 0; place < end; place = nextKey(place)) {
    const key = keyAt(place)
    const hash = lowHashOf(key.text, key.end - key.text)
    let at = slotAt(hash)
    while (load<u32>(at) != 0) at = slotAfter(at)
    setSlot(at, hash, place)
  }
}
