import type { Pace } from '../pace'
import { ByteKeys, ByteText } from './byte-keys'

/**
 * Beside a key: the hash of its row, the low word of the place of its first row, high bits of places and the state. Where
 * both sides have a row their hashes are no longer needed: the place of the target's comes instead.
 */
const LANES = 4
const ROW_A = 0
const ROW_B = 1
const PLACE = 2
const STATE = 3
const SECOND_PLACE = ROW_A

/** A key in a table beside its own bytes, with slots two thirds full at the most. */
export const TABLE_BYTES = LANES * 4 + 8 * 2.25

const SOURCE = 1
const TARGET = 2
const UNEQUAL = 4
const AGREED = SOURCE | TARGET
/** High bits of a place begin here in the state, those of the second as many further on. */
const HIGH = 3
const HIGH_BITS = 14
const WORD = 4294967296
/** From its place on, most of a key that does not stand in the same line of the cache does so here. */
const FURTHER = 10
/** Keys that take a few milliseconds to look at. */
const TURN = 1 << 15

export type SideNumber = 0 | 1

/** Where rows go by their key: all of the source before those of the target. */
export interface PairSink {
  /** To put the key of the next row together. */
  readonly key: ByteText
  /** Takes a row with the key that was put together. @param place below 2^46 */
  add(side: SideNumber, rowA: number, rowB: number, place: number): void
}

/** Where the rows of a key stand on both sides. */
export interface Places {
  source: number[]
  target: number[]
}

/**
 * The rows of both sides by key: their hash while there is one of each, their places, and whether they are known to be
 * equal. 16 bytes a key beside the key itself and its slot, and no object.
 */
export class PairTable implements PairSink {
  repeatedSource = 0
  repeatedTarget = 0
  agreed = 0
  private readonly keys: ByteKeys
  private readonly batch = new Batch()
  /** Rows beyond the first of a key and side, by the place of the key. */
  private readonly more = new Map<number, Places>()
  /** Keeps loads that are only there to fill the cache. */
  private warm = 0

  /** @param keyWords that they may take */
  constructor(keyParts: number, expected = 0, keyWords = 0) {
    this.keys = new ByteKeys(LANES, keyParts, expected, keyWords)
  }

  get key(): ByteText {
    return this.batch.text
  }

  /** How many there are, and how many words they take. */
  get size(): { keys: number; words: number } {
    return { keys: this.keys.size, words: this.keys.end - this.keys.size * LANES }
  }

  /** Bytes in use, more or less. */
  get bytes(): number {
    return this.keys.bytes + this.more.size * 256
  }

  add(side: SideNumber, rowA: number, rowB: number, place: number): void {
    if (!this.batch.add(side, rowA, rowB, place)) this.flush()
  }

  /** After the last of a side. */
  flush(): void {
    const { batch, keys } = this
    const { count, hashes, found, places, froms, lengths, rowsA, rowsB, side } = batch
    const { words } = batch.text
    // each of these loops waits for memory once for all rows of the batch, not once for each
    for (let i = 0; i < count; i++) found[i] = keys.placeOf(hashes[i] ?? 0)
    for (let i = 0; i < count; i++) {
      const at = found[i] ?? 0
      this.warm ^= (keys.arena[at] ?? 0) ^ (keys.arena[at + FURTHER] ?? 0)
    }
    for (let i = 0; i < count; i++) {
      const at = keys.find(hashes[i] ?? 0, words, froms[i] ?? 0, lengths[i] ?? 0)
      this.put(side, at, rowsA[i] ?? 0, rowsB[i] ?? 0, places[i] ?? 0)
    }
    batch.clear()
  }

  /** The keys that are not known to agree, in the order in which they were met; up to so many at once. Nothing is added after it. */
  *unequal(most: number): Generator<readonly number[]> {
    const { keys } = this
    keys.close()
    for (let at = 0; at < keys.end;) {
      const found: number[] = []
      at = this.collect(at, most, found)
      yield found
    }
  }

  /** @param at the key, as `unequal` gives it */
  placesOf(at: number): Places {
    const { arena } = this.keys
    const state = arena[at + STATE] ?? 0
    const more = this.more.get(at)
    const first = placeIn(arena[at + PLACE], state >>> HIGH)
    const second = placeIn(arena[at + SECOND_PLACE], state >>> (HIGH + HIGH_BITS))
    const isFirst = (state & SOURCE) === 0
    return {
      source: isFirst ? [] : [first, ...(more?.source ?? [])],
      target: (state & TARGET) === 0 ? [] : [isFirst ? first : second, ...(more?.target ?? [])],
    }
  }

  /** Everything it holds, to where there is more room. Rows known to differ differ there too. */
  async moveTo(sink: PairSink, pace: Pace): Promise<void> {
    this.flush()
    const { key } = sink
    const { keys } = this
    const { arena } = keys
    let moved = 0
    for (const at of keys.places()) {
      keys.textAt(at, key)
      key.finish()
      const state = (arena[at + STATE] ?? 0) & 7
      const alone = (state & AGREED) !== AGREED
      const [rowA, rowB] = alone ? [arena[at + ROW_A] ?? 0, arena[at + ROW_B] ?? 0] : [0, 0]
      const { source, target } = this.placesOf(at)
      for (const place of source) sink.add(0, rowA, rowB, place)
      for (const place of target) sink.add(1, rowA, (state & UNEQUAL) === 0 ? rowB : ~rowB, place)
      if (++moved % TURN === 0) await pace.step()
    }
  }

  /** @returns the place of the key where it stopped */
  private collect(from: number, most: number, into: number[]): number {
    const { keys } = this
    const { arena, end } = keys
    let at = from
    for (let looked = 0; at < end && looked < TURN && into.length < most; looked++) {
      if (((arena[at + STATE] ?? 0) & 7) !== AGREED) into.push(at)
      at = keys.next(at)
    }
    return at
  }

  /** Gives back its memory. */
  drop(): void {
    this.keys.drop()
  }

  private put(side: SideNumber, at: number, rowA: number, rowB: number, place: number): void {
    const { arena } = this.keys
    const state = arena[at + STATE] ?? 0
    const own = side === 0 ? SOURCE : TARGET
    if ((state & own) !== 0) {
      this.addMore(side, at, place)
      return
    }
    if (state === 0) {
      arena[at + ROW_A] = rowA
      arena[at + ROW_B] = rowB
      arena[at + PLACE] = place
      arena[at + STATE] = own | highBits(place, HIGH)
    } else {
      const equal = arena[at + ROW_A] === rowA && arena[at + ROW_B] === rowB && (state & UNEQUAL) === 0
      if (equal) this.agreed++
      arena[at + SECOND_PLACE] = place
      arena[at + STATE] = state | own | highBits(place, HIGH + HIGH_BITS) | (equal ? 0 : UNEQUAL)
    }
  }

  private addMore(side: SideNumber, at: number, place: number): void {
    const { arena } = this.keys
    const state = arena[at + STATE] ?? 0
    if ((state & 7) === AGREED) this.agreed--
    arena[at + STATE] = state | UNEQUAL
    let places = this.more.get(at)
    if (!places) this.more.set(at, (places = { source: [], target: [] }))
    if (side === 0) {
      this.repeatedSource++
      places.source.push(place)
    } else {
      this.repeatedTarget++
      places.target.push(place)
    }
  }
}

function highBits(place: number, shift: number): number {
  return place < WORD ? 0 : Math.floor(place / WORD) << shift
}

function placeIn(low = 0, high: number): number {
  return (high & ((1 << HIGH_BITS) - 1)) * WORD + (low >>> 0)
}

const ROWS = 256

/** Rows of one side on their way into the table. */
class Batch {
  count = 0
  side: SideNumber = 0
  /** The keys one after the other, and the one that is put together. */
  readonly text = new ByteText()
  readonly froms = new Int32Array(ROWS)
  readonly lengths = new Int32Array(ROWS)
  readonly hashes = new Int32Array(ROWS)
  readonly rowsA = new Int32Array(ROWS)
  readonly rowsB = new Int32Array(ROWS)
  readonly places = new Float64Array(ROWS)
  /** Where a key may stand in the table. */
  readonly found = new Int32Array(ROWS)

  /** @returns whether there is room for more */
  add(side: SideNumber, rowA: number, rowB: number, place: number): boolean {
    const { count, text } = this
    this.side = side
    this.froms[count] = text.start
    this.lengths[count] = text.end - text.start
    this.hashes[count] = text.a
    this.rowsA[count] = rowA
    this.rowsB[count] = rowB
    this.places[count] = place
    text.keep()
    this.count = count + 1
    return this.count < ROWS
  }

  clear(): void {
    this.count = 0
    this.text.empty()
  }
}
