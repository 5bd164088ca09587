import { bytesAt } from './memory'

/**
 * 64-bit hashes over bytes, eight at a time: each step rotates, mixes in a word and multiplies. The hash of a field begins
 * with its seed and is not finished; rows, keys and groups chain those of their fields and finish once.
 */
const PRIME: u64 = 0x9e3779b185ebca87
const WORD_PRIME: u64 = 0xc2b2ae3d27d4eb4f

export function mix(hash: u64, word: u64): u64 {
  return (rotl<u64>(hash, 29) ^ (word * WORD_PRIME)) * PRIME
}

export function mixBytes(start: u64, from: usize, size: usize): u64 {
  let hash = start
  let at = from
  const last = from + size
  while (at + 8 <= last) {
    hash = mix(hash, load<u64>(at))
    at += 8
  }
  const rest = last - at
  return rest == 0 ? hash : mix(hash, bytesAt(at, rest))
}

/** The seed of field number `field` of the comparison. */
export function seedOf(field: i32): u64 {
  return avalanche(((field as u64) + 1) * WORD_PRIME)
}

/** The 64-bit finaliser of MurmurHash3 (Austin Appleby, public domain). */
export function avalanche(word: u64): u64 {
  let hash = (word ^ (word >> 33)) * 0xff51afd7ed558ccd
  hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53
  return hash ^ (hash >> 33)
}
