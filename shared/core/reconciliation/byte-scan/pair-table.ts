import { ByteKeys, type ByteText } from './byte-keys'

/** Lanes of an entry: hash of the row, places of the first row of either side (32 bits and 16), state, further rows. */
const LANES = 7
const ROW_A = 0
const ROW_B = 1
const PLACE = 2
const HIGH = 4
const STATE = 5
const MORE = 6

/** A key in a table beside its own bytes, with slots two thirds full at the most. */
export const TABLE_BYTES = LANES * 4 + 8 * 2.25

const SOURCE = 1
const TARGET = 2
const UNEQUAL = 4
const AGREED = SOURCE | TARGET

export type SideNumber = 0 | 1

/** Where rows go by their key. */
export interface PairSink {
  /** @param place below 2^48 */
  add(side: SideNumber, key: ByteText, rowA: number, rowB: number, place: number): void
}

/** Where the rows of a key stand on both sides. */
export interface Places {
  source: number[]
  target: number[]
}

/**
 * The rows of both sides by key: their hash while there is one of each, their places, and whether they are known to be
 * equal. 28 bytes a key beside the key itself, none of them an object.
 */
export class PairTable implements PairSink {
  readonly keys: ByteKeys
  repeatedSource = 0
  repeatedTarget = 0
  agreed = 0
  private entries: Int32Array
  private readonly batch = new Batch()
  /** Keeps loads that are only there to fill the cache. */
  private warm = 0
  /** Rows beyond the first of a key and side: side, place, and the one before it in the same key, from 1. */
  private readonly more: { side: SideNumber; place: number; before: number }[] = []

  constructor(expected = 0, keyBytes = 0) {
    this.keys = new ByteKeys(expected, keyBytes)
    this.entries = new Int32Array(Math.max(1 << 10, expected) * LANES)
  }

  /** Bytes in use, more or less. */
  get bytes(): number {
    return this.keys.bytes + this.keys.size * LANES * 4 + this.more.length * 64
  }

  add(side: SideNumber, key: ByteText, rowA: number, rowB: number, place: number): void {
    if (!this.batch.add(side, key, rowA, rowB, place)) this.flush()
  }

  /** After the last of a side. */
  flush(): void {
    const { batch, keys } = this
    const { count, hashes, numbers, places, froms, lengths, side } = batch
    // each loop waits for memory once for all rows of the batch, not once for each
    for (let i = 0; i < count; i++) numbers[i] = keys.placeOf(hashes[i] ?? 0)
    for (let i = 0; i < count; i++) {
      const at = numbers[i] ?? -1
      if (at >= 0) numbers[i] = keys.numberAt(at)
    }
    for (let i = 0; i < count; i++) this.warm ^= this.entries[(numbers[i] ?? 0) * LANES + STATE] ?? 0
    for (let i = 0; i < count; i++) {
      const entry = keys.find(hashes[i] ?? 0, batch.words, froms[i] ?? 0, lengths[i] ?? 0)
      this.put(side, entry, batch.rowsA[i] ?? 0, batch.rowsB[i] ?? 0, places[i] ?? 0)
    }
    batch.clear()
  }

  private put(side: SideNumber, entry: number, rowA: number, rowB: number, place: number): void {
    if ((entry + 1) * LANES > this.entries.length) this.lengthen()
    const { entries } = this
    const at = entry * LANES
    const state = entries[at + STATE] ?? 0
    const own = side === 0 ? SOURCE : TARGET
    if ((state & own) !== 0) {
      this.addMore(side, at, place)
      return
    }
    entries[at + PLACE + side] = place
    if (place > 0xffffffff)
      entries[at + HIGH] = (entries[at + HIGH] ?? 0) | ((place / 4294967296) << (side * 16))
    if (state === 0) {
      entries[at + ROW_A] = rowA
      entries[at + ROW_B] = rowB
      entries[at + STATE] = own
    } else {
      const equal = state === SOURCE && entries[at + ROW_A] === rowA && entries[at + ROW_B] === rowB
      if (equal) this.agreed++
      entries[at + STATE] = state | own | (equal ? 0 : UNEQUAL)
    }
  }

  /** All that is not known to agree, in the order in which the keys were met. */
  *unequal(): Generator<Places> {
    const { entries } = this
    const end = this.keys.size * LANES
    for (let at = 0; at < end; at += LANES) if (entries[at + STATE] !== AGREED) yield this.placesOf(at)
  }

  /** Everything it holds, to where there is more room. Rows known to differ differ there too. */
  moveTo(sink: PairSink): void {
    this.flush()
    let at = 0
    for (const key of this.keys.texts()) {
      key.finish()
      const [rowA, rowB] = [this.entries[at + ROW_A] ?? 0, this.entries[at + ROW_B] ?? 0]
      const { source, target } = this.placesOf(at)
      const other = this.entries[at + STATE] === AGREED ? rowB : ~rowB
      for (const place of source) sink.add(0, key, rowA, rowB, place)
      for (const place of target) sink.add(1, key, rowA, other, place)
      at += LANES
    }
  }

  private placesOf(at: number): Places {
    const state = this.entries[at + STATE] ?? 0
    const places: Places = { source: [], target: [] }
    if ((state & SOURCE) !== 0) places.source.push(this.place(at, 0))
    if ((state & TARGET) !== 0) places.target.push(this.place(at, 1))
    for (let i = this.entries[at + MORE] ?? 0; i > 0;) {
      const row = this.more[i - 1]
      if (!row) break
      const rows = row.side === 0 ? places.source : places.target
      rows.push(row.place)
      i = row.before
    }
    return places
  }

  private place(at: number, side: SideNumber): number {
    const high = ((this.entries[at + HIGH] ?? 0) >>> (side * 16)) & 0xffff
    return high * 4294967296 + ((this.entries[at + PLACE + side] ?? 0) >>> 0)
  }

  private addMore(side: SideNumber, at: number, place: number): void {
    if (side === 0) this.repeatedSource++
    else this.repeatedTarget++
    const state = this.entries[at + STATE] ?? 0
    if (state === AGREED) this.agreed--
    this.entries[at + STATE] = state | UNEQUAL
    this.more.push({ side, place, before: this.entries[at + MORE] ?? 0 })
    this.entries[at + MORE] = this.more.length
  }

  private lengthen(): void {
    const longer = new Int32Array(Math.ceil(this.entries.length / LANES / 2) * 3 * LANES)
    longer.set(this.entries)
    this.entries = longer
  }
}

const ROWS = 64
const BATCH_WORDS = 1024

/** Rows of one side on their way into the table. */
class Batch {
  count = 0
  side: SideNumber = 0
  words = new Int32Array(BATCH_WORDS)
  readonly froms = new Int32Array(ROWS)
  readonly lengths = new Int32Array(ROWS)
  readonly hashes = new Int32Array(ROWS)
  readonly rowsA = new Int32Array(ROWS)
  readonly rowsB = new Int32Array(ROWS)
  readonly places = new Float64Array(ROWS)
  readonly numbers = new Int32Array(ROWS)
  private filled = 0

  /** @returns whether there is room for more */
  add(side: SideNumber, { words, length, a }: ByteText, rowA: number, rowB: number, place: number): boolean {
    const size = (length + 3) >> 2
    const { count, filled } = this
    if (filled + size > this.words.length) this.lengthen(size)
    for (let i = 0; i < size; i++) this.words[filled + i] = words[i] ?? 0
    this.side = side
    this.froms[count] = filled
    this.lengths[count] = length
    this.hashes[count] = a
    this.rowsA[count] = rowA
    this.rowsB[count] = rowB
    this.places[count] = place
    this.filled = filled + size
    this.count = count + 1
    return this.count < ROWS
  }

  clear(): void {
    this.count = 0
    this.filled = 0
  }

  private lengthen(by: number): void {
    const longer = new Int32Array(this.words.length * 2 + by)
    longer.set(this.words)
    this.words = longer
  }
}
