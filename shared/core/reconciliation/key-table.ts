import { sameRecord } from '../record/canonical'
import type { Hasher } from '../record/hash'
import type { DataRecord, Value } from '../record/value'
import type { RuleKey } from './normalise'

/** How the things that are joined hold their record, and how they go to disk. */
export interface Packing<T> {
  record(item: T): DataRecord
  pack(item: T): Value
  unpack(value: Value): T
}

/** @param same whether they are known to be equal field by field */
export type Equal = (source: DataRecord, target: DataRecord, same: boolean) => boolean

export interface Group<T> {
  source: readonly T[]
  target: readonly T[]
}

/** Both sides may hold several of one key. */
class Several<T> {
  constructor(readonly items: T[]) {}
}

type Held<T> = T | Several<T> | undefined

const FIRST_SLOTS = 1 << 12
const EQUAL = 1

/**
 * Records of both sides by key: open addressing over 32-bit hashes in typed arrays, and each hit is verified by the key
 * itself. A target record that is the same as its source record is not kept a second time.
 */
export class KeyTable<T> {
  private slots = new Int32Array(FIRST_SLOTS)
  private hashes = new Int32Array(FIRST_SLOTS)
  /** Whether one and one were found equal. */
  private marks = new Uint8Array(FIRST_SLOTS)
  private readonly sources: Held<T>[] = []
  private readonly targets: Held<T>[] = []
  repeatedSource = 0
  repeatedTarget = 0

  constructor(
    private readonly key: RuleKey,
    private readonly hasher: Hasher,
    private readonly packing: Packing<T>,
    private readonly equal: Equal,
  ) {}

  /** After the hasher has hashed the record's key. */
  source(item: T): void {
    const entry = this.entry(this.packing.record(item))
    const held = this.sources[entry]
    if (held !== undefined) this.repeatedSource++
    this.sources[entry] = together(held, item)
    this.marks[entry] = 0
  }

  /** @returns whether it was kept, beside what was there */
  target(item: T): boolean {
    const record = this.packing.record(item)
    const entry = this.entry(record)
    const held = this.targets[entry]
    const source = this.sources[entry]
    if (held !== undefined) {
      this.repeatedTarget++
      this.targets[entry] = together(held, item)
      this.marks[entry] = 0
      return true
    }
    this.targets[entry] = item
    if (source === undefined || source instanceof Several) return true
    const other = this.packing.record(source)
    const same = sameRecord(other, record)
    if (!this.equal(other, record, same)) return true
    this.marks[entry] = EQUAL
    if (!same) return true
    this.targets[entry] = source
    return false
  }

  /** Looks again at those that were found equal, after there is more to compare. */
  recheck(): void {
    for (let entry = 0; entry < this.sources.length; entry++) {
      const source = this.sources[entry]
      const target = this.targets[entry]
      if (this.marks[entry] !== EQUAL || source === target) continue
      if (source === undefined || source instanceof Several) continue
      if (target === undefined || target instanceof Several) continue
      if (!this.equal(this.packing.record(source), this.packing.record(target), false)) this.marks[entry] = 0
    }
  }

  get keys(): number {
    return this.sources.length
  }

  /** The group of a key, or that its records are one and one and equal. */
  group(entry: number): Group<T> | 'agreed' {
    if (this.marks[entry] === EQUAL) return 'agreed'
    return { source: listOf(this.sources[entry]), target: listOf(this.targets[entry]) }
  }

  /** All that is held, for the way to disk. */
  *all(): Generator<Group<T>> {
    for (let entry = 0; entry < this.sources.length; entry++)
      yield { source: listOf(this.sources[entry]), target: listOf(this.targets[entry]) }
  }

  private entry(record: DataRecord): number {
    const { a: hash } = this.hasher
    const mask = this.slots.length - 1
    let slot = hash & mask
    for (;;) {
      const entry = (this.slots[slot] ?? 0) - 1
      if (entry < 0) break
      if (this.hashes[entry] === hash && this.key.same(this.first(entry), record)) return entry
      slot = (slot + 1) & mask
    }
    const entry = this.sources.length
    this.sources.push(undefined)
    this.targets.push(undefined)
    this.slots[slot] = entry + 1
    if (entry >= this.hashes.length) this.lengthen()
    this.hashes[entry] = hash
    if ((entry + 1) * 3 > this.slots.length * 2) this.rehash()
    return entry
  }

  private first(entry: number): DataRecord {
    const held = this.sources[entry] ?? this.targets[entry]
    const item = held instanceof Several ? held.items[0] : held
    return item === undefined ? {} : this.packing.record(item)
  }

  private lengthen(): void {
    const hashes = new Int32Array(this.hashes.length * 2)
    hashes.set(this.hashes)
    this.hashes = hashes
    const marks = new Uint8Array(this.marks.length * 2)
    marks.set(this.marks)
    this.marks = marks
  }

  private rehash(): void {
    const slots = new Int32Array(this.slots.length * 2)
    const mask = slots.length - 1
    for (let entry = 0; entry < this.sources.length; entry++) {
      let slot = (this.hashes[entry] ?? 0) & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = entry + 1
    }
    this.slots = slots
  }
}

function together<T>(held: Held<T>, item: T): Held<T> {
  if (held === undefined) return item
  if (!(held instanceof Several)) return new Several([held, item])
  held.items.push(item)
  return held
}

function listOf<T>(held: Held<T>): readonly T[] {
  if (held === undefined) return []
  return held instanceof Several ? held.items : [held]
}
