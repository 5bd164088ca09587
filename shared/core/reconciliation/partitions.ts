import { parseJson, printJson } from '../format/json'
import type { Spill, SpillLog } from '../ports'
import type { Packing } from './key-table'

const PARTS = 32
const BUFFER = 1 << 16
const NEWLINE = 10

/** Both sides on disk, by the hash of their key: each part is then small enough to be joined in memory. */
export class Partitions<T> {
  private readonly files: readonly { source: PartFile<T>; target: PartFile<T> }[]

  /** @param depth parts of parts take other bits of the hash */
  constructor(
    spill: Spill,
    packing: Packing<T>,
    private readonly depth: number,
  ) {
    this.files = Array.from({ length: PARTS }, () => ({
      source: new PartFile(spill, packing),
      target: new PartFile(spill, packing),
    }))
  }

  /** @param lane the second lane of the key's hash, of which a table in memory uses nothing */
  source(item: T, lane: number): void {
    this.files[this.part(lane)]?.source.add(item)
  }

  target(item: T, lane: number): void {
    this.files[this.part(lane)]?.target.add(item)
  }

  /** Each part is dropped when the next is asked for. */
  *parts(): Generator<{ source: PartFile<T>; target: PartFile<T> }> {
    for (const part of this.files) {
      yield part
      part.source.drop()
      part.target.drop()
    }
  }

  drop(): void {
    for (const part of this.files) {
      part.source.drop()
      part.target.drop()
    }
  }

  private part(lane: number): number {
    return (lane >>> (this.depth * 5)) & (PARTS - 1)
  }
}

/** Items as lines of JSON in a spill log, which is opened when there is something to write. */
export class PartFile<T> {
  private log: SpillLog | undefined
  private lines: string[] = []
  private waiting = 0

  constructor(
    private readonly spill: Spill,
    private readonly packing: Packing<T>,
  ) {}

  add(item: T): void {
    const line = printJson(this.packing.pack(item)) + '\n'
    this.lines.push(line)
    this.waiting += line.length
    if (this.waiting >= BUFFER) this.write()
  }

  *read(): Generator<T[]> {
    this.write()
    if (!this.log) return
    const text = new TextDecoder()
    let rest: Uint8Array = new Uint8Array(0)
    for (const bytes of this.log.read()) {
      const end = bytes.lastIndexOf(NEWLINE)
      if (end < 0) {
        rest = joined(rest, bytes)
        continue
      }
      const lines = text.decode(joined(rest, bytes.subarray(0, end))).split('\n')
      yield lines.map((line) => this.packing.unpack(parseJson(line)))
      rest = bytes.slice(end + 1)
    }
  }

  drop(): void {
    this.log?.drop()
    this.log = undefined
    this.lines = []
  }

  private write(): void {
    if (this.lines.length === 0) return
    this.log ??= this.spill.log()
    this.log.append(new TextEncoder().encode(this.lines.join('')))
    this.lines = []
    this.waiting = 0
  }
}

function joined(one: Uint8Array, two: Uint8Array): Uint8Array {
  if (one.length === 0) return two
  const both = new Uint8Array(one.length + two.length)
  both.set(one)
  both.set(two, one.length)
  return both
}
