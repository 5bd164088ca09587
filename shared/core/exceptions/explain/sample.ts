import type { DataRecord } from '../../record/value'

/**
 * Up to `size` records of a stream, drawn by the hash of their content: the same ones in whatever order they come, and
 * as good as drawn by lot.
 */
export class Sample {
  count = 0
  private drawn: Drawn[] = []
  /** Greatest hash that is still drawn, once there are enough. */
  private limit: number | undefined

  constructor(private readonly size: number) {}

  /** @param a first lane of the record's hash, `b` the second */
  add(record: DataRecord, a: number, b: number): void {
    this.count++
    const hash = (a >>> 0) * 0x200000 + (b >>> 11)
    if (this.limit !== undefined && hash > this.limit) return
    this.drawn.push({ hash, record })
    if (this.drawn.length >= this.size * 2) this.cut()
  }

  get records(): readonly DataRecord[] {
    this.cut()
    return this.drawn.map(({ record }) => record)
  }

  private cut(): void {
    this.drawn.sort((one, other) => one.hash - other.hash)
    if (this.drawn.length <= this.size) return
    this.drawn = this.drawn.slice(0, this.size)
    this.limit = this.drawn.at(-1)?.hash
  }
}

interface Drawn {
  hash: number
  record: DataRecord
}
