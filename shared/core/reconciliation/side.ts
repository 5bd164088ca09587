import { MalformedRow, type ListingEnd, type Page, type Source } from '../connector'
import type { Mapper } from '../mapping/mapper'
import { CountingLedger } from '../record/ledger'
import { Rejection } from '../record/rejection'
import type { DataRecord } from '../record/value'
import { SeenFields } from './fields'
import { Newest } from './newest'

/** One side of a reconciliation, ready to be read. */
export interface SideInput {
  source: Source
  mapper: Mapper
  connection: string
  stream: string
  settings: DataRecord
  /** The fields of its own records that the workflow's key comes from, where it can be asked by them. */
  keyFields?: readonly string[]
  /** Mapped records that count as not there, such as those marked as deleted. */
  leavesOut?: (record: DataRecord) => boolean
}

const PAGE = 1000
const SHOWN = 3

/** Reads one side once: mapped records by the page, and apart from them the rows that are none. */
export class SideReader {
  /** Rows read, and those of them that are no record. */
  records = 0
  refusals = 0
  private readonly seen = new SeenFields()
  /** The first few rows that could not be read, in words. */
  readonly unreadable: string[] = []
  end: ListingEnd | undefined
  leftOut = 0
  private readonly latest: Newest
  private readonly ledger = new CountingLedger()
  /** Keys that say the place of rows that could not be read. */
  private refused: string[] = []
  /** Of the page that is yielded: where its rows stand, and which of them are no records. */
  private place: (row: number) => string = String
  private skipped: number[] = []

  constructor(
    private readonly side: SideInput,
    private readonly signal: AbortSignal,
    private readonly onRecord: (record: DataRecord) => void,
    private readonly onRefused: () => void,
    cutOffField?: string,
  ) {
    this.latest = new Newest(cutOffField)
  }

  async *pages(): AsyncGenerator<readonly DataRecord[]> {
    for await (const page of this.side.source.read({ pageSize: PAGE, signal: this.signal })) {
      const records = this.recordsOf(page)
      this.records += records.length
      if (page.end) this.end = page.end
      yield records
    }
  }

  /** Where a record of the page that was yielded last stands, for people. */
  placeOf(index: number): string {
    let row = index
    for (const skipped of this.skipped) if (skipped <= row) row++
    return this.place(row)
  }

  get fields(): ReadonlySet<string> {
    return this.seen.all
  }

  get newest(): string | undefined {
    return this.latest.text
  }

  /** Those met since the last call. */
  takeRefused(): string[] {
    const taken = this.refused
    this.refused = []
    return taken
  }

  /** A function of its own: V8 takes four times as long to compile a loop inside a generator. */
  private recordsOf(page: Page): DataRecord[] {
    const records: DataRecord[] = []
    this.place = (row) => page.place?.(row) ?? `row ${page.firstRow + row}`
    this.skipped = []
    let next = 0
    for (const row of page.rows) {
      const index = next++
      const record = row instanceof MalformedRow ? row : this.side.mapper.map(row, this.ledger)
      if (record instanceof MalformedRow || record instanceof Rejection) {
        if (record instanceof Rejection) this.refuse(this.place(index), record)
        else this.refuse(record.place, record.rejection)
        this.skipped.push(index)
        continue
      }
      if (this.side.leavesOut?.(record) === true) {
        this.leftOut++
        this.skipped.push(index)
        continue
      }
      this.seen.note(record)
      this.latest.note(record)
      this.onRecord(record)
      records.push(record)
    }
    return records
  }

  private refuse(place: string, { message }: Rejection): void {
    this.refusals++
    this.records++
    if (this.unreadable.length < SHOWN) this.unreadable.push(`${place}: ${message}`)
    this.refused.push(JSON.stringify([`#${place}`]))
    this.onRefused()
  }
}
