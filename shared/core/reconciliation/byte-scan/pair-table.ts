import type { Pace } from '../pace'
import type { ByteScan } from './byte-scan'

/** A key in a table beside its own bytes, with slots two thirds full at the most. */
export const TABLE_BYTES = 16 + 4 * 1.5

/** Of keys and what stands beside them: they take a few milliseconds to look at. */
const TURN = 1 << 20

export type SideNumber = 0 | 1

/** Where rows go by their key: all of the source before those of the target. */
export interface RowsByKey {
  /** Takes the entries that wait in the scan. */
  takeAway(side: SideNumber): void
}

/** Where the rows of a key stand on both sides. */
export interface Places {
  source: number[]
  target: number[]
}

/**
 * The rows of both sides by key: their hash while there is one of each, their places, and whether they are known to be
 * equal. 16 bytes a key beside the key itself and its slot, and no object. It is in the memory of the scan, which has one
 * at a time: another one takes its place.
 */
export class PairTable implements RowsByKey {
  /** @param keyBytes that the keys may take; there is room for more */
  constructor(
    private readonly scan: ByteScan,
    expected = 0,
    keyBytes = 0,
  ) {
    scan.code.openTable(expected, keyBytes)
  }

  /** How many there are, and how many bytes they take. */
  get size(): { keys: number; bytes: number } {
    const { code } = this.scan
    return { keys: code.keyCount(), bytes: code.keyBytes() }
  }

  /** Bytes in use. */
  get bytes(): number {
    return this.scan.code.tableSize()
  }

  get agreed(): number {
    return this.scan.code.agreedRows()
  }

  repeated(side: SideNumber): number {
    return this.scan.code.repeatedRows(side)
  }

  takeAway(side: SideNumber): void {
    this.scan.code.flush(side)
  }

  /** The keys that are not known to agree, in the order in which they were met; up to so many at once. Nothing is added after it. */
  *unequal(most: number): Generator<readonly number[]> {
    const { code } = this.scan
    const end = code.keysEnd()
    for (let at = 0; at < end;) {
      const limit = Math.min(end, at + TURN)
      const found: number[] = []
      for (at = code.nextUnequal(at, limit); at < limit && found.length < most;) {
        found.push(at)
        at = code.nextUnequal(code.nextKey(at), limit)
      }
      yield found
    }
  }

  /** @param key as `unequal` gives it */
  placesOf(key: number): Places {
    const { code } = this.scan
    const [source, target] = [code.firstPlace(key, 0), code.firstPlace(key, 1)]
    const places = { source: source < 0 ? [] : [source], target: target < 0 ? [] : [target] }
    for (let more = code.lastMore(key); more !== 0; more = code.moreBefore(more))
      (code.moreSide(more) === 0 ? places.source : places.target).push(code.morePlace(more))
    if (places.source.length > 2) places.source.sort((one, other) => one - other)
    if (places.target.length > 2) places.target.sort((one, other) => one - other)
    return places
  }

  /** Everything it holds, to where there is more room. Rows known to differ differ there too. */
  async moveTo(sink: RowsByKey, pace: Pace): Promise<void> {
    const { code } = this.scan
    for (const side of [0, 1] as const) {
      for (let at = 0; at < code.keysEnd();) {
        at = code.unload(at, side)
        sink.takeAway(side)
        await pace.step()
      }
    }
    code.closeTable()
  }
}
