/**
 * 64-bit hashes in two 32-bit lanes, as in `record/hash.ts`, over bytes: each lane rotates, mixes in four bytes and
 * multiplies by a prime of its own. A field's lanes are begun by its seeds and not finished; rows, keys and groups chain
 * those of their fields and finish once.
 */
const PRIME_A = 0x9e3779b1
const PRIME_B = 0x85ebca77

/** What a field holds, mixed into its lanes, so that absent, null, '' and 0 stay apart. */
export const Kind = { absent: 0, null: 1, text: 2, number: 3, boolean: 4 } as const
export type Kind = (typeof Kind)[keyof typeof Kind]

/** The two seeds of field number `field` of the comparison. */
export function seedA(field: number): number {
  return avalanche(Math.imul(field + 1, 0x165667b1))
}

export function seedB(field: number): number {
  return avalanche(Math.imul(field + 1, 0x27d4eb2f) ^ 0x5bd1e995)
}

export function mixA(lane: number, word: number): number {
  return Math.imul(((lane << 13) | (lane >>> 19)) ^ word, PRIME_A)
}

export function mixB(lane: number, word: number): number {
  return Math.imul(((lane << 17) | (lane >>> 15)) ^ word, PRIME_B)
}

/** The finaliser of MurmurHash3 (Austin Appleby, public domain). */
export function avalanche(word: number): number {
  let h = word ^ (word >>> 16)
  h = Math.imul(h, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  return h ^ (h >>> 16)
}
