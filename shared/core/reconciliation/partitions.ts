import { parseJson, printJson } from '../format/json'
import type { Spill, SpillLog } from '../ports'
import type { Packing } from './key-table'

const PARTS = 32
const BUFFER = 1 << 16

/** Both sides on disk, by the hash of their key: each part is then small enough to be joined in memory. */
export class Partitions<T> {
  private readonly file: SpillFile
  private readonly all: readonly { source: Part<T>; target: Part<T> }[]

  /** @param depth parts of parts take other bits of the hash */
  constructor(
    spill: Spill,
    packing: Packing<T>,
    private readonly depth: number,
  ) {
    this.file = new SpillFile(spill)
    this.all = Array.from({ length: PARTS }, () => ({
      source: new Part(this.file, packing),
      target: new Part(this.file, packing),
    }))
  }

  /** @param lane the second lane of the key's hash, of which a table in memory uses nothing */
  source(item: T, lane: number): void {
    this.all[this.part(lane)]?.source.add(item)
  }

  target(item: T, lane: number): void {
    this.all[this.part(lane)]?.target.add(item)
  }

  parts(): Iterable<{ source: Part<T>; target: Part<T> }> {
    return this.all
  }

  drop(): void {
    this.file.drop()
  }

  private part(lane: number): number {
    return (lane >>> (this.depth * 5)) & (PARTS - 1)
  }
}

/** One file for many parts, opened when there is something to write. */
export class SpillFile {
  private log: SpillLog | undefined

  constructor(private readonly spill: Spill) {}

  /** @returns where it stands */
  append(text: string): Chunk {
    const bytes = new TextEncoder().encode(text)
    this.log ??= this.spill.log()
    const at = this.log.size
    this.log.append(bytes)
    return { at, length: bytes.length }
  }

  text({ at, length }: Chunk): string {
    return this.log ? new TextDecoder().decode(this.log.slice(at, length)) : ''
  }

  drop(): void {
    this.log?.drop()
    this.log = undefined
  }
}

interface Chunk {
  at: number
  length: number
}

/** Items as lines of JSON in chunks of a file. */
export class Part<T> {
  private readonly chunks: Chunk[] = []
  private lines: string[] = []
  private waiting = 0

  constructor(
    private readonly file: SpillFile,
    private readonly packing: Packing<T>,
  ) {}

  add(item: T): void {
    const line = printJson(this.packing.pack(item))
    this.lines.push(line)
    this.waiting += line.length
    if (this.waiting >= BUFFER) this.write()
  }

  *read(): Generator<T[]> {
    this.write()
    for (const chunk of this.chunks)
      yield this.file
        .text(chunk)
        .split('\n')
        .map((line) => this.packing.unpack(parseJson(line)))
  }

  private write(): void {
    if (this.lines.length === 0) return
    this.chunks.push(this.file.append(this.lines.join('\n')))
    this.lines = []
    this.waiting = 0
  }
}
