import { avalanche, mix, mixBytes } from './hash'
import { Room, bytesAt } from './memory'

/**
 * Rows on their way into a table, one after the other as they also go to disk: bytes of the key, hash of the key, hash
 * of the row, place, then the key.
 */
@unmanaged
export class Entry {
  keySize: u32 = 0
  /** Slots of the table are found by the lower half; parts on disk by the upper. */
  keyLow: u32 = 0
  keyHigh: u32 = 0
  rowLow: u32 = 0
  rowHigh: u32 = 0
  placeLow: u32 = 0
  placeHigh: u32 = 0

  get key(): usize {
    return changetype<usize>(this) + HEAD
  }

  get next(): usize {
    return this.key + this.keySize
  }
}

const HEAD: usize = offsetof<Entry>()
/** Many enough to wait for memory together, few enough to stay in the first cache. */
export const MOST_ENTRIES: i32 = 256
const MOST_BYTES: usize = 32 * 1024
const WORD: f64 = 4294967296

const entries = new Room()
let filled: usize = 0
let count: i32 = 0
/** The entry that is put together: where its key ends, from `filled` on, and its hash. */
let keyEnd: usize = 0
let keyHash: u64 = 0

export function entriesAt(): usize {
  return entries.at
}

export function entriesSize(): usize {
  return filled
}

export function isFull(): bool {
  return count >= MOST_ENTRIES || filled >= MOST_BYTES
}

export function clearEntries(): void {
  filled = 0
  count = 0
}

/** @returns where entries of so many bytes may be put; what stands there is kept */
export function roomForEntries(size: usize): usize {
  entries.reserve(size)
  return entries.at
}

export function beginKey(): void {
  keyEnd = HEAD
  keyHash = 0
}

/**
 * Of each part one word says its size, so that ("1","11") is not ("11","1"); its bytes follow in words, the last of which
 * is filled up with zeros.
 */
export function addKeyPart(from: usize, size: usize): void {
  entries.reserve(filled + keyEnd + size + 16)
  let to = entries.at + filled + keyEnd
  store<u32>(to, size as u32)
  to += 4
  let hash = mix(keyHash, size as u64)
  let at = from
  const last = from + size
  for (; at + 8 <= last; at += 8, to += 8) {
    const word = load<u64>(at)
    store<u64>(to, word)
    hash = mix(hash, word)
  }
  const rest = last - at
  if (rest != 0) {
    const word = bytesAt(at, rest)
    store<u64>(to, word)
    hash = mix(hash, word)
  }
  keyHash = hash
  keyEnd += partSize(size)
}

/** The lower half of the hash of a key that was put together before. */
export function lowHashOf(from: usize, size: usize): u32 {
  let hash: u64 = 0
  for (let at = from; at < from + size; at += partSize(load<u32>(at)))
    hash = mixBytes(mix(hash, load<u32>(at)), at + 4, load<u32>(at))
  return avalanche(hash) as u32
}

/** As `addKeyPart`, of a key that was put together before. */
export function addKey(from: usize, size: usize): void {
  for (let at = from; at < from + size; at += partSize(load<u32>(at))) addKeyPart(at + 4, load<u32>(at))
}

/** The entry with the key that was put together. */
export function endEntry(row: u64, place: f64): void {
  // without a key there is no place
  entries.reserve(filled + keyEnd)
  const entry = changetype<Entry>(entries.at + filled)
  const hash = avalanche(keyHash)
  entry.keySize = (keyEnd - HEAD) as u32
  entry.keyLow = hash as u32
  entry.keyHigh = (hash >> 32) as u32
  entry.rowLow = row as u32
  entry.rowHigh = (row >> 32) as u32
  entry.placeHigh = (place / WORD) as u32
  entry.placeLow = (place - (entry.placeHigh as f64) * WORD) as u32
  filled += keyEnd
  count++
}

/** Bytes of a part with its head. */
export function partSize(size: usize): usize {
  return 4 + ((size + 3) & ~3)
}
