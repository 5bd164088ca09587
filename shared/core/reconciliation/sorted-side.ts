import { Decimal } from '../record/decimal'
import type { DataRecord, Value } from '../record/value'
import { compareKeys } from './key-order'
import type { RuleKey } from './normalise'

/** All records of one key on one side. */
export interface Run {
  /** Its texts as `RuleKey` gives them. */
  key: readonly string[]
  records: DataRecord[]
}

/** One side that comes in the order of the key, one page at a time: it keeps that page and the records of its last key. */
export class SortedSide {
  /** By part of the key, whether it holds numbers; undefined before the first key. */
  numbers: readonly boolean[] | undefined
  /** Records beyond the first of each key. */
  repeated = 0
  keyless = 0
  private runs: Run[] = []
  private at = 0
  /** The next page may have more of its key. */
  private last: Run | undefined
  private withoutKey: DataRecord[] = []
  private ended = false

  constructor(
    private readonly key: RuleKey,
    private readonly pages: AsyncGenerator<readonly DataRecord[]>,
    /** @param index of the record in the page that was read last */
    private readonly outOfOrder: (record: DataRecord, before: Run, index: number) => Error,
  ) {}

  /** The next key; undefined where a page has to be read first, and at the end. */
  get next(): Run | undefined {
    return this.runs[this.at]
  }

  /** Nobody knows what comes next. */
  get isSpent(): boolean {
    return this.at === this.runs.length && !this.ended
  }

  get isOver(): boolean {
    return this.at === this.runs.length && this.ended
  }

  step(): void {
    this.at++
  }

  async read(): Promise<void> {
    this.runs = []
    this.at = 0
    const page = await this.pages.next()
    if (page.done !== true) this.take(page.value)
    else {
      this.ended = true
      if (this.last) this.runs.push(this.last)
    }
  }

  /** Those met since the last call. */
  takeKeyless(): DataRecord[] {
    const taken = this.withoutKey
    this.withoutKey = []
    return taken
  }

  async close(): Promise<void> {
    await this.pages.return(undefined)
  }

  private take(page: readonly DataRecord[]): void {
    for (const [index, record] of page.entries()) {
      const key = this.key.texts(record)
      if (!key) {
        this.keyless++
        this.withoutKey.push(record)
        continue
      }
      this.numbers ??= this.key.fields.map((field) => isNumber(record[field]))
      const { last } = this
      const order = last ? compareKeys(last.key, key, this.numbers) : -1
      if (last && order > 0) throw this.outOfOrder(record, last, index)
      if (last && order === 0) {
        this.repeated++
        last.records.push(record)
        continue
      }
      if (last) this.runs.push(last)
      this.last = { key, records: [record] }
    }
  }
}

function isNumber(value: Value | undefined): boolean {
  return typeof value === 'number' || value instanceof Decimal
}
