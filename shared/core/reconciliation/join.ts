import type { Spill } from '../ports'
import { Hasher } from '../record/hash'
import { KeyTable, type Equal, type Group, type Packing } from './key-table'
import type { RuleKey } from './normalise'
import type { Pace } from './pace'
import { Partitions } from './partitions'
import { sizeOf } from './size'

export interface JoinOptions<T> {
  key: RuleKey
  packing: Packing<T>
  /** Groups of one and one that are equal are only counted. */
  equal: Equal
  /** Bytes of records to keep in memory, more or less. */
  memory: number
  spill: Spill
  pace: Pace
  /** Called once both sides were read. @returns whether those found equal have to be looked at again */
  read?: () => boolean
}

export interface JoinResult {
  agreed: number
  /** Beyond the first of each key. */
  repeated: { source: number; target: number }
  keyless: { source: number; target: number }
}

type Pages<T> = AsyncIterable<readonly T[]> | Iterable<readonly T[]>

const PAGE = 256
/** Keys looked at between two looks at the clock. */
const LOOKED = 4096
/** Parts of parts of parts: what is larger still has few keys and would not become smaller. */
const DEEPEST = 3

/**
 * Brings the records of both sides together by key. The source is kept and the target is streamed past it; when that
 * takes more memory than it may, both go to disk in parts by key, and part after part is joined. Records without a key
 * are groups of their own. Yields a page, which may be empty, after each page that was read.
 */
export class Join<T> {
  private readonly hasher = new Hasher()
  readonly result: JoinResult = {
    agreed: 0,
    repeated: { source: 0, target: 0 },
    keyless: { source: 0, target: 0 },
  }

  constructor(private readonly options: JoinOptions<T>) {}

  unequal(source: Pages<T>, target: Pages<T>): AsyncGenerator<Group<T>[]> {
    return this.join(source, target, 0)
  }

  private async *join(source: Pages<T>, target: Pages<T>, depth: number): AsyncGenerator<Group<T>[]> {
    const work = new Work(this.options, this.hasher, depth)
    try {
      for await (const page of source) yield await this.take(work, page, 'source')
      for await (const page of target) yield await this.take(work, page, 'target')
      if (depth === 0 && this.options.read?.() === true) work.table?.recheck()
      if (work.table) yield* this.groups(work.table)
      for (const part of work.parts?.parts() ?? [])
        yield* this.join(part.source.read(), part.target.read(), depth + 1)
    } finally {
      work.parts?.drop()
    }
  }

  /** @returns those without a key */
  private async take(work: Work<T>, page: readonly T[], side: 'source' | 'target'): Promise<Group<T>[]> {
    const keyless = this.bring(work, page, side)
    this.result.keyless[side] += keyless.length
    if (work.isFull(page)) await work.toDisk()
    await this.options.pace.step()
    return keyless
  }

  /** @returns those without a key */
  private bring(work: Work<T>, page: readonly T[], side: 'source' | 'target'): Group<T>[] {
    const { key, packing } = this.options
    const keyless: Group<T>[] = []
    for (const item of page) {
      if (key.hash(packing.record(item), this.hasher)) work.add(item, side)
      else keyless.push(side === 'source' ? { source: [item], target: [] } : { source: [], target: [item] })
    }
    return keyless
  }

  private async *groups(table: KeyTable<T>): AsyncGenerator<Group<T>[]> {
    this.result.repeated.source += table.repeatedSource
    this.result.repeated.target += table.repeatedTarget
    for (let entry = 0; entry < table.keys;) {
      const page: Group<T>[] = []
      entry = this.look(table, entry, page)
      yield page
      await this.options.pace.step()
    }
  }

  /** @returns the key to go on with */
  private look(table: KeyTable<T>, from: number, page: Group<T>[]): number {
    const end = Math.min(table.keys, from + LOOKED)
    let entry = from
    for (; entry < end && page.length < PAGE; entry++) {
      const group = table.group(entry)
      if (group === 'agreed') this.result.agreed++
      else page.push(group)
    }
    return entry
  }
}

/** Where the items of one join go: a table in memory, then parts on disk. */
class Work<T> {
  table: KeyTable<T> | undefined
  parts: Partitions<T> | undefined
  private kept = 0
  private bytes = 0

  constructor(
    private readonly options: JoinOptions<T>,
    private readonly hasher: Hasher,
    private readonly depth: number,
  ) {
    this.table = new KeyTable(options.key, hasher, options.packing, options.equal)
  }

  /** After the hasher has hashed the item's key. */
  add(item: T, side: 'source' | 'target'): void {
    if (this.parts) this.parts[side](item, this.hasher.b)
    else if (side === 'source') {
      this.table?.source(item)
      this.kept++
    } else if (this.table?.target(item) === true) this.kept++
  }

  /** After a page: its records tell how large those are that were kept of it. */
  isFull(page: readonly T[]): boolean {
    const { memory, packing } = this.options
    this.bytes += this.kept * averageSize(page, packing)
    this.kept = 0
    return this.table !== undefined && this.bytes > memory && this.depth < DEEPEST
  }

  async toDisk(): Promise<void> {
    const { packing, spill, key, pace } = this.options
    const { table } = this
    const parts = new Partitions(spill, packing, this.depth)
    this.parts = parts
    this.table = undefined
    let items = 0
    for (const { source, target } of table?.all() ?? []) {
      const [first] = source.length > 0 ? source : target
      if (first === undefined || !key.hash(packing.record(first), this.hasher)) continue
      const { b: lane } = this.hasher
      for (const item of source) parts.source(item, lane)
      for (const item of target) parts.target(item, lane)
      items += source.length + target.length
      if (items < STEP) continue
      items = 0
      await pace.step()
    }
  }
}

/** Items written between two looks at the clock. */
const STEP = 500
const SAMPLES = 8

function averageSize<T>(page: readonly T[], packing: Packing<T>): number {
  const step = Math.max(1, Math.floor(page.length / SAMPLES))
  let bytes = 0
  let samples = 0
  for (let at = 0; at < page.length; at += step) {
    const item = page[at]
    if (item === undefined) continue
    bytes += sizeOf(packing.record(item))
    samples++
  }
  return samples === 0 ? 0 : bytes / samples
}
