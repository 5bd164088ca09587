import type { Bytes } from './bytes'
import { avalanche, mixA, mixB } from './lanes'

const FIRST_WORDS = 1 << 14

/**
 * Values put together part by part, such as a key, and their hash. Of each part one word says kind and length, so that
 * ("1","11") is not ("11","1"); its bytes follow in words, the last of which is filled up with zeros. Several texts may
 * stand one after the other: what was kept stays in front of the one that is put together.
 */
export class ByteText {
  words = new Int32Array(64)
  /** Where the text begins, and where it ends. */
  start = 0
  end = 0
  /** Its first lane, after `finish`. */
  a = 0

  /** Begins the text again. */
  clear(): void {
    this.end = this.start
  }

  /** Another text begins after this one. */
  keep(): void {
    this.start = this.end
  }

  /** Nothing is kept. */
  empty(): void {
    this.start = 0
    this.end = 0
  }

  add(kind: number, { view }: Bytes, from: number, to: number): void {
    const size = to - from
    if (this.end + wordsFor(size) > this.words.length) this.grow(wordsFor(size))
    const { words } = this
    let at = this.end
    words[at++] = (size << 3) | kind
    let i = from
    for (const last = to - 3; i < last; i += 4) words[at++] = view.getInt32(i, true)
    if (i < to) words[at++] = view.getInt32(i, true) & ((1 << ((to - i) << 3)) - 1)
    this.end = at
  }

  /** Sets the first lane. */
  finish(): void {
    const { words, start, end } = this
    let a = end - start
    for (let i = start; i < end; i++) a = mixA(a, words[i] ?? 0)
    this.a = avalanche(a)
  }

  /** The other lane, which says nothing of the first. */
  get b(): number {
    const { words, start, end } = this
    let b = start - end
    for (let i = start; i < end; i++) b = mixB(b, words[i] ?? 0)
    return avalanche(b)
  }

  /** A text as it was, with its words from `at` on. */
  load(words: Int32Array, at: number, length: number): void {
    this.end = this.start
    if (this.end + length > this.words.length) this.grow(length)
    for (let i = 0; i < length; i++) this.words[this.end++] = words[at + i] ?? 0
  }

  /** Kind and bytes of each part between these words. */
  *parts(from: number, to: number): Generator<{ kind: number; bytes: Uint8Array }> {
    const { words } = this
    for (let at = from; at < to; at += wordsOf(words[at])) {
      const head = words[at] ?? 0
      yield { kind: head & 7, bytes: new Uint8Array(words.buffer, (at + 1) * 4, head >>> 3) }
    }
  }

  private grow(by: number): void {
    const larger = new Int32Array(Math.max(this.words.length * 2, this.end + by))
    larger.set(this.words.subarray(0, this.end))
    this.words = larger
  }
}

/** Words of a part of so many bytes. */
function wordsFor(size: number): number {
  return 1 + ((size + 3) >> 2)
}

/** Words of the part that begins with this one. */
function wordsOf(head = 0): number {
  return wordsFor(head >>> 3)
}

/**
 * Texts of bytes, each with a few words beside it, in the order in which they are met. Open addressing over 32-bit hashes
 * in typed arrays; every hit is verified by the bytes. What belongs to one text stands together, so that the memory is
 * waited for once.
 */
export class ByteKeys {
  size = 0
  /** At the place of a text: the words beside it, the words that it is. */
  arena: Int32Array<ArrayBuffer>
  /** Where the next text would stand. */
  end = 0
  /** Two lanes a slot: the hash, and the place in the arena, from 1. */
  private slots: Int32Array<ArrayBuffer>

  /**
   * @param beside words beside each text, 0 at first
   * @param parts of each text: the same number, so that none begins with the whole of another
   * @param expected how many texts there may be, and how many words they may take; there is room for more
   */
  constructor(
    private readonly beside: number,
    private readonly parts: number,
    expected = 0,
    words = 0,
  ) {
    let slots = 1 << 10
    while (slots * 2 < expected * 3) slots *= 2
    this.slots = new Int32Array(slots * 2)
    this.arena = new Int32Array(Math.max(FIRST_WORDS, words + expected * beside))
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

  /** Where the first text of this hash stands. For who wants to have it at hand soon. */
  placeOf(hash: number): number {
    const { slots } = this
    const mask = slots.length - 2
    let slot = (hash << 1) & mask
    for (;;) {
      const place = slots[slot + 1] ?? 0
      if (place === 0) return 0
      if (slots[slot] === hash) return place - 1
      slot = (slot + 2) & mask
    }
  }

  /** Gives back the memory that only `find` needs. */
  close(): void {
    this.slots = new Int32Array(this.slots.buffer.transfer(0))
  }

  /** Gives back all memory, at once: the collector would leave it until it has time. */
  drop(): void {
    this.close()
    this.arena = new Int32Array(this.arena.buffer.transfer(0))
  }

  /** The places of all texts. */
  *places(): Generator<number> {
    for (let at = 0; at < this.end; at = this.next(at)) yield at
  }

  /** The place after this one. */
  next(at: number): number {
    let end = at + this.beside
    for (let part = 0; part < this.parts; part++) end += wordsOf(this.arena[end])
    return end
  }

  textAt(at: number, into: ByteText): void {
    const from = at + this.beside
    into.load(this.arena, from, this.next(at) - from)
  }

  private append(words: Int32Array, from: number, length: number): void {
    const at = this.end + this.beside
    this.end = at + length
    if (this.end > this.arena.length) this.lengthen()
    const { arena } = this
    for (let i = 0; i < length; i++) arena[at + i] = words[from + i] ?? 0
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

/** Whether these words stand there. */
function isAt(arena: Int32Array, at: number, words: Int32Array, from: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (arena[at + i] !== words[from + i]) return false
  return true
}
