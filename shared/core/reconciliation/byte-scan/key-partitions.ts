import type { Spill, SpillLog } from '../../ports'
import type { Pace } from '../pace'
import { ByteText } from './byte-keys'
import { PairTable, type PairSink, type SideNumber } from './pair-table'

/** In 32-bit words. */
const BUFFER = 8 * 1024
/** Words before those of a key: its length, its first lane, the lanes of the row, the place in two. */
const HEAD = 6

/** The rows of both sides on disk, by the hash of their key: each part is then small enough for a table in memory. */
export class KeyPartitions implements PairSink {
  readonly key = new ByteText()
  private readonly parts: readonly (readonly [PartLog, PartLog])[]

  constructor(
    spill: Spill,
    count: number,
    private readonly keyParts: number,
  ) {
    this.parts = Array.from({ length: count }, () => [new PartLog(spill), new PartLog(spill)] as const)
  }

  /** By the lane of the key of which a table uses nothing. */
  add(side: SideNumber, rowA: number, rowB: number, place: number): void {
    const { key } = this
    this.parts[(key.b >>> 0) % this.parts.length]?.[side].add(key, rowA, rowB, place)
  }

  /** A table for each part. */
  async *tables(pace: Pace): AsyncGenerator<PairTable> {
    for (const [source, target] of this.parts) {
      const table = new PairTable(
        this.keyParts,
        Math.max(source.rows, target.rows),
        Math.max(source.room, target.room),
      )
      await source.moveTo(0, table, pace)
      table.flush()
      await target.moveTo(1, table, pace)
      table.flush()
      yield table
    }
  }

  drop(): void {
    for (const sides of this.parts) for (const part of sides) part.drop()
  }
}

class PartLog {
  rows = 0
  /** Words that their keys take in a table. */
  room = 0
  private log: SpillLog | undefined
  private words = new Int32Array(BUFFER)
  private filled = 0

  constructor(private readonly spill: Spill) {}

  add({ words: key, start, end, a }: ByteText, rowA: number, rowB: number, place: number): void {
    const length = end - start
    if (this.filled + HEAD + length > this.words.length) this.write(HEAD + length)
    const { words } = this
    let at = this.filled
    words[at++] = length
    words[at++] = a
    words[at++] = rowA
    words[at++] = rowB
    words[at++] = place
    words[at++] = place / 4294967296
    for (let i = start; i < end; i++) words[at++] = key[i] ?? 0
    this.filled = at
    this.rows++
    this.room += length
  }

  /** And drops them here. */
  async moveTo(side: SideNumber, sink: PairSink, pace: Pace): Promise<void> {
    this.write(0)
    const { key } = sink
    let words = new Int32Array(0)
    let count = 0
    for (const chunk of this.log?.read() ?? []) {
      words = withRoom(words, count, chunk.length >> 2)
      new Uint8Array(words.buffer).set(chunk, count * 4)
      count += chunk.length >> 2
      let at = 0
      while (at + HEAD <= count) {
        const length = words[at] ?? 0
        const end = at + HEAD + length
        if (end > count) break
        key.load(words, at + HEAD, length)
        key.a = words[at + 1] ?? 0
        const place = (words[at + 5] ?? 0) * 4294967296 + ((words[at + 4] ?? 0) >>> 0)
        sink.add(side, words[at + 2] ?? 0, words[at + 3] ?? 0, place)
        at = end
      }
      words.copyWithin(0, at, count)
      count -= at
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

/** The log reads back whole words: it was written in words, and is read in multiples of them. */
function withRoom(words: Int32Array<ArrayBuffer>, used: number, more: number): Int32Array<ArrayBuffer> {
  if (used + more <= words.length) return words
  const larger = new Int32Array(used + more)
  larger.set(words.subarray(0, used))
  return larger
}
