import type { Value } from '../../record/value'
import type { Bytes } from './bytes'
import { ByteText } from './byte-keys'
import { valueOf } from './byte-values'

const FIRST_SLOTS = 256

/** The parts of a group where they stand in a row. */
export interface StandingGroup {
  readonly kinds: Int32Array
  readonly from: Int32Array
  readonly to: Int32Array
  readonly hash: number
}

/**
 * Groups by number, in the order in which they are met. Open addressing over 32-bit hashes; every hit is verified by the
 * bytes where they stand, so that a row whose group is known costs no copy.
 */
export class GroupIndex {
  size = 0
  /** Numbers from 1. */
  private slots = new Int32Array(FIRST_SLOTS)
  /** By group: its hash, and where its words begin. */
  private hashes = new Int32Array(FIRST_SLOTS)
  private starts = new Int32Array(FIRST_SLOTS)
  /** All groups one after the other. */
  private readonly texts = new ByteText()

  numberOf(group: StandingGroup, bytes: Bytes): number {
    const { slots, hashes, starts } = this
    const { hash } = group
    const mask = slots.length - 1
    let slot = hash & mask
    for (;;) {
      const number = (slots[slot] ?? 0) - 1
      if (number < 0) break
      if (hashes[number] === hash && standsAt(this.texts.words, starts[number] ?? 0, group, bytes))
        return number
      slot = (slot + 1) & mask
    }
    slots[slot] = this.size + 1
    return this.append(group, bytes)
  }

  valuesOf(number: number): (Value | undefined)[] {
    const end = number + 1 < this.size ? this.starts[number + 1] : this.texts.end
    return Array.from(this.texts.parts(this.starts[number] ?? 0, end ?? 0), ({ kind, bytes }) =>
      valueOf(kind, bytes),
    )
  }

  private append({ kinds, from, to, hash }: StandingGroup, bytes: Bytes): number {
    const number = this.size++
    this.hashes[number] = hash
    this.starts[number] = this.texts.end
    kinds.forEach((kind, part) => {
      this.texts.add(kind, bytes, from[part] ?? 0, to[part] ?? 0)
    })
    if (this.size * 2 > this.slots.length) this.grow()
    return number
  }

  private grow(): void {
    const size = this.slots.length * 2
    const mask = size - 1
    const slots = new Int32Array(size)
    for (let number = 0; number < this.size; number++) {
      let slot = (this.hashes[number] ?? 0) & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = number + 1
    }
    this.slots = slots
    this.hashes = longer(this.hashes, size)
    this.starts = longer(this.starts, size)
  }
}

/** Whether the words from `at` on are those that `ByteText.add` makes of these parts. */
function standsAt(
  words: Int32Array,
  at: number,
  { kinds, from, to }: StandingGroup,
  { view }: Bytes,
): boolean {
  let word = at
  for (let part = 0; part < kinds.length; part++) {
    let i = from[part] ?? 0
    const end = to[part] ?? 0
    if (words[word++] !== (((end - i) << 3) | (kinds[part] ?? 0))) return false
    for (const last = end - 3; i < last; i += 4) if (words[word++] !== view.getInt32(i, true)) return false
    if (i < end && words[word++] !== (view.getInt32(i, true) & ((1 << ((end - i) << 3)) - 1))) return false
  }
  return true
}

function longer(old: Int32Array, size: number): Int32Array<ArrayBuffer> {
  const words = new Int32Array(size)
  words.set(old)
  return words
}
