import { avalanche, mixA, mixB } from './lanes'

const FIRST_WORDS = 1 << 14
/** Bytes put together part by part, such as a key, and their hash. Read by words: the last one is filled up with zeros. */
export class ByteText {
  bytes = new Uint8Array(256)
  words = new Int32Array(this.bytes.buffer)
  length = 0
  /** After `finish`. */
  a = 0
  b = 0

  clear(): void {
    this.length = 0
  }

  /** A part and its length, so that ("1","11") is not ("11","1"). */
  add(kind: number, bytes: Uint8Array, from: number, to: number): void {
    const size = to - from
    if (this.length + size + 12 > this.bytes.length) this.grow(size + 12)
    const { bytes: all } = this
    let at = this.length
    all[at++] = kind
    if (size < 128) all[at++] = size
    else {
      all[at++] = (size & 127) | 128
      all[at++] = size >>> 7
      all[at++] = size >>> 15
      all[at++] = size >>> 23
    }
    for (let i = from; i < to; i++) all[at++] = bytes[i] ?? 0
    this.length = at
  }

  /** Sets the lanes. */
  finish(): void {
    const { bytes, words, length } = this
    bytes[length] = 0
    bytes[length + 1] = 0
    bytes[length + 2] = 0
    const count = (length + 3) >> 2
    let a = length
    let b = ~length
    for (let i = 0; i < count; i++) {
      const word = words[i] ?? 0
      a = mixA(a, word)
      b = mixB(b, word)
    }
    this.a = avalanche(a)
    this.b = avalanche(b)
  }

  /** A text as it was, with its words from `at` on. */
  load(words: Int32Array, at: number, length: number): void {
    this.length = 0
    if (length + 12 > this.bytes.length) this.grow(length + 12)
    for (let i = 0; i < (length + 3) >> 2; i++) this.words[i] = words[at + i] ?? 0
    this.length = length
  }

  private grow(by: number): void {
    const larger = new Uint8Array(Math.ceil(Math.max(this.bytes.length * 2, this.length + by) / 4) * 4)
    larger.set(this.bytes.subarray(0, this.length))
    this.bytes = larger
    this.words = new Int32Array(larger.buffer)
  }
}

/**
 * Texts of bytes, each with a few words beside it, in the order in which they are met. Open addressing over 32-bit hashes
 * in typed arrays; every hit is verified by the bytes. What belongs to one text stands together, so that the memory is
 * waited for once.
 */
export class ByteKeys {
  size = 0
  /** At the place of a text: the words beside it, its length in bytes, the words that it is. */
  arena: Int32Array
  private end = 0
  /** Two lanes a slot: the hash, and the place in the arena, from 1. */
  private slots: Int32Array

  /**
   * @param beside words beside each text, 0 at first
   * @param expected how many texts there may be, and how many bytes they may take; there is room for more
   */
  constructor(
    private readonly beside: number,
    expected = 0,
    bytes = 0,
  ) {
    let slots = 1 << 10
    while (slots * 2 < expected * 3) slots *= 2
    this.slots = new Int32Array(slots * 2)
    this.arena = new Int32Array(Math.max(FIRST_WORDS, (bytes >> 2) + expected * (beside + 1)))
  }

  /** Bytes in use. */
  get bytes(): number {
    return this.slots.byteLength + this.end * 4
  }

  /** The place of this text; the arena may be another one afterwards. */
  find(hash: number, words: Int32Array, from: number, length: number): number {
    const { slots, arena, beside } = this
    const mask = slots.length - 2
    let slot = (hash << 1) & mask
    for (;;) {
      const at = (slots[slot + 1] ?? 0) - 1
      if (at < 0) break
      if (slots[slot] === hash && isAt(arena, at + beside, words, from, length)) return at
      slot = (slot + 2) & mask
    }
    const at = this.end
    slots[slot] = hash
    slots[slot + 1] = at + 1
    this.append(words, from, length)
    if (this.size * 3 > slots.length) this.grow()
    return at
  }

  /** Where a text of this hash may stand; -1 where there is none. For who wants to have it at hand soon. */
  placeOf(hash: number): number {
    return (this.slots[((hash << 1) & (this.slots.length - 2)) + 1] ?? 0) - 1
  }

  /** The places of all texts. */
  *places(): Generator<number> {
    for (let at = 0; at < this.end; at = this.next(at)) yield at
  }

  /** The place after this one. */
  next(at: number): number {
    return at + this.beside + 1 + (((this.arena[at + this.beside] ?? 0) + 3) >> 2)
  }

  textAt(at: number, into: ByteText): void {
    into.load(this.arena, at + this.beside + 1, this.arena[at + this.beside] ?? 0)
  }

  private append(words: Int32Array, from: number, length: number): void {
    const count = (length + 3) >> 2
    const at = this.end + this.beside
    this.end = at + 1 + count
    if (this.end > this.arena.length) this.lengthen()
    const { arena } = this
    arena[at] = length
    for (let i = 0; i < count; i++) arena[at + 1 + i] = words[from + i] ?? 0
    this.size++
  }

  private lengthen(): void {
    const larger = new Int32Array(Math.max(this.end, Math.ceil(this.arena.length * 1.5)))
    larger.set(this.arena)
    this.arena = larger
  }

  private grow(): void {
    const { slots } = this
    const larger = new Int32Array(slots.length * 2)
    const mask = larger.length - 2
    for (let from = 0; from < slots.length; from += 2) {
      const place = slots[from + 1] ?? 0
      if (place === 0) continue
      const hash = slots[from] ?? 0
      let slot = (hash << 1) & mask
      while (larger[slot + 1] !== 0) slot = (slot + 2) & mask
      larger[slot] = hash
      larger[slot + 1] = place
    }
    this.slots = larger
  }
}

/** Whether length and words stand there. */
function isAt(arena: Int32Array, at: number, words: Int32Array, from: number, length: number): boolean {
  if (arena[at] !== length) return false
  const shift = at + 1 - from
  const end = from + ((length + 3) >> 2)
  for (let i = from; i < end; i++) if (arena[i + shift] !== words[i]) return false
  return true
}
