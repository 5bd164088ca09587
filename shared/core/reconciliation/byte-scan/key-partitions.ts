import type { Spill, SpillLog } from '../../ports'
import type { Pace } from '../pace'
import type { ByteScan } from './byte-scan'
import { PairTable, type RowsByKey, type SideNumber } from './pair-table'

/** In 32-bit words. */
const BUFFER = 8 * 1024
/** Words of an entry before its key, as `assembly/row-entries.ts` has them, and which of them are used here. */
const HEAD = 7
const KEY_SIZE = 0
const KEY_HIGH = 2

/** The rows of both sides on disk, by the hash of their key: each part is then small enough for a table in memory. */
export class KeyPartitions implements RowsByKey {
  private readonly parts: readonly (readonly [PartLog, PartLog])[]

  constructor(
    private readonly scan: ByteScan,
    spill: Spill,
    count: number,
  ) {
    this.parts = Array.from({ length: count }, () => [new PartLog(spill), new PartLog(spill)] as const)
  }

  /** By the half of the hash of the key that a table does not use. */
  takeAway(side: SideNumber): void {
    const { scan, parts } = this
    const { code } = scan
    const words = new Int32Array(scan.bytes.buffer, code.entriesAt(), code.entriesSize() >> 2)
    for (let at = 0; at < words.length;) {
      const end = at + HEAD + ((words[at + KEY_SIZE] ?? 0) >> 2)
      parts[((words[at + KEY_HIGH] ?? 0) >>> 0) % parts.length]?.[side].add(words, at, end)
      at = end
    }
    code.clearEntries()
  }

  /** A table for each part, all of one size, so that they take no more memory than one. */
  async *tables(pace: Pace): AsyncGenerator<PairTable> {
    const { parts, scan } = this
    const most = (of: (part: PartLog) => number): number => Math.max(...parts.flat().map(of))
    const rows = most((part) => part.rows)
    const keyBytes = most((part) => part.keyBytes)
    for (const [source, target] of parts) {
      const table = new PairTable(scan, rows, keyBytes)
      await source.moveTo(0, scan, pace)
      await target.moveTo(1, scan, pace)
      yield table
    }
  }

  drop(): void {
    for (const sides of this.parts) for (const part of sides) part.drop()
  }
}

class PartLog {
  rows = 0
  keyBytes = 0
  private log: SpillLog | undefined
  private words = new Int32Array(BUFFER)
  private filled = 0

  constructor(private readonly spill: Spill) {}

  /** The entry that these words are. */
  add(words: Int32Array, from: number, to: number): void {
    const length = to - from
    if (this.filled + length > this.words.length) this.write(length)
    // for so few words a loop is faster than a copy by `set`
    for (let i = 0; i < length; i++) this.words[this.filled + i] = words[from + i] ?? 0
    this.filled += length
    this.rows++
    this.keyBytes += (length - HEAD) * 4
  }

  /** To the table that is open, and drops them here. */
  async moveTo(side: SideNumber, scan: ByteScan, pace: Pace): Promise<void> {
    const { code } = scan
    this.write(0)
    let rest = 0
    for (const chunk of this.log?.read() ?? []) {
      const size = rest + chunk.length
      const at = code.roomForEntries(size)
      scan.bytes.set(chunk, at + rest)
      const used = code.takeEntries(side, size)
      scan.bytes.copyWithin(at, at + used, at + size)
      rest = size - used
      await pace.step()
    }
    this.drop()
  }

  drop(): void {
    this.log?.drop()
    this.log = undefined
  }

  /** Makes room. */
  private write(needed: number): void {
    if (this.filled > 0) {
      this.log ??= this.spill.log()
      this.log.append(new Uint8Array(this.words.buffer, 0, this.filled * 4))
    }
    this.filled = 0
    if (needed > this.words.length) this.words = new Int32Array(needed)
  }
}
