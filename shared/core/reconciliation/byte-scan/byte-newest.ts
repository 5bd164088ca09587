import type { DataRecord } from '../../record/value'
import { Newest } from '../newest'
import { valueOf } from './byte-values'
import { instantAt, type Instant } from './instant-bytes'
import { Kind } from './lanes'
import type { RowSlots } from './row-slots'

/** `Newest` over the bytes of rows: only what may be newer than what was met becomes a text. */
export class ByteNewest {
  private readonly newest: Newest
  private readonly instant: Instant = { seconds: 0, fraction: 0, places: 0, shown: false }
  private seconds = -Infinity

  /** @param field its number in the plan */
  constructor(
    private readonly name: string | undefined,
    private readonly field: number,
  ) {
    this.newest = new Newest(name)
  }

  get text(): string | undefined {
    return this.newest.text
  }

  ofWalk(walk: RowSlots): void {
    if (this.name === undefined) return
    const { field, instant } = this
    const kind = walk.kind[field] ?? Kind.absent
    const [from, to] = [walk.from[field] ?? 0, walk.to[field] ?? 0]
    if (kind !== Kind.text || from === to) return
    const known = instantAt(walk.bytes, from, to, instant)
    if (known && instant.seconds < this.seconds) return
    if (known) this.seconds = instant.seconds
    const value = valueOf(kind, walk.bytes.subarray(from, to))
    if (value !== undefined) this.newest.note({ [this.name]: value })
  }

  ofRecord(record: DataRecord): void {
    this.newest.note(record)
  }
}
