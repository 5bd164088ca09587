import { MalformedRow, type CsvFile, type ListingEnd } from '../../connector'
import type { Mapper } from '../../mapping/mapper'
import { CountingLedger } from '../../record/ledger'
import { Rejection } from '../../record/rejection'
import type { DataRecord } from '../../record/value'
import type { ReadSide } from '../first-pass'
import { ByteNewest } from './byte-newest'
import { BlockReader } from './block-reader'
import { byteSigns, type FieldPlan } from './column-plan'
import type { RowSlots } from './row-slots'
import { RowWalk } from './row-walk'

const SHOWN = 3
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** What becomes of the rows of one side. `place` is where a row begins in all files of the side together. */
export interface RowSink {
  /** Its fields stand in the walk. @returns false where it has to be looked at as a record */
  plain(walk: RowSlots, place: number): boolean
  record(record: DataRecord, walk: RowSlots, place: number): void
  /** @param key says where it stands */
  refused(key: string): void
}

/** One side: the CSV files of a stream, one after the other. */
export interface ByteSide {
  files: readonly CsvFile[]
  mapper: Mapper
  /** The column that a field of the mapped record is; undefined where there is none. */
  columnOf: (field: string) => string | undefined
  /** All fields that the mapped records have. */
  fields: ReadonlySet<string>
}

/** Reads the bytes of one side once. */
export class SideScan implements ReadSide {
  records = 0
  refusals = 0
  /** Of whole rows. */
  bytes = 0
  end: ListingEnd | undefined
  readonly unreadable: string[] = []
  private readonly incomplete: string[] = []
  private readonly ledger = new CountingLedger()
  private readonly latest: ByteNewest
  /** Lines of the file before the next row. */
  private line = 0

  constructor(
    private readonly side: ByteSide,
    private readonly plan: FieldPlan,
    private readonly sink: RowSink,
  ) {
    this.latest = new ByteNewest(plan.names[plan.cutOff], plan.cutOff)
  }

  get newest(): string | undefined {
    return this.latest.text
  }

  get fields(): ReadonlySet<string> {
    return this.records > this.refusals ? this.side.fields : new Set()
  }

  /** Yields after each block how many rows were read. */
  async *blocks(): AsyncGenerator<number> {
    let base = 0
    for (const file of this.side.files) {
      yield* this.fileBlocks(file, base)
      if (await file.changed()) this.incomplete.push(`${file.name} changed while it was read`)
      base += file.size
    }
    this.end = this.listingEnd()
  }

  private async *fileBlocks(file: CsvFile, base: number): AsyncGenerator<number> {
    const { layout } = file
    const walk = layout && walkOf(this.plan, this.side, file)
    if (!layout || !walk) return
    const opened = await file.open()
    try {
      const reader = new BlockReader(opened, file.name, layout.body.offset)
      this.line = layout.body.line
      while (await reader.next(walk)) {
        const used = this.rows(file, walk, base + reader.at)
        this.bytes += used
        reader.done(used, this.line, walk)
        yield this.records
      }
    } finally {
      await opened.close()
    }
  }

  /**
   * Takes in the rows of a block.
   *
   * @param place of the block
   * @returns where the first row begins that does not end in it
   */
  private rows(file: CsvFile, walk: RowWalk, place: number): number {
    const { sink, latest } = this
    let at = 0
    while (at < walk.end) {
      const next = walk.row(at)
      if (next < 0) break
      if (walk.state === 'plain' && sink.plain(walk, place + at)) {
        this.records++
        this.line += 1 + walk.breaks
        latest.ofWalk(walk)
      } else this.byText(file, walk, { from: at, to: next, place: place + at })
      at = next
    }
    return at
  }

  private byText(
    file: CsvFile,
    walk: RowWalk,
    { from, to, place }: { from: number; to: number; place: number },
  ): void {
    const { line } = this
    this.line += lineBreaks(walk.bytes, from, to)
    if (walk.state === 'blank') return
    const { rows, truncated } = file.rows(decoder.decode(walk.bytes.subarray(from, to)), line)
    if (truncated !== undefined) this.incomplete.push(truncated)
    for (const found of rows) {
      this.records++
      const mapped = found instanceof MalformedRow ? found : this.side.mapper.map(found, this.ledger)
      if (mapped instanceof MalformedRow) this.refuse(mapped.place, mapped.rejection)
      else if (mapped instanceof Rejection) this.refuse(`${file.name} line ${line + 1}`, mapped)
      else {
        this.latest.ofRecord(mapped)
        this.sink.record(mapped, walk, place)
      }
    }
  }

  private refuse(place: string, { message }: Rejection): void {
    this.refusals++
    if (this.unreadable.length < SHOWN) this.unreadable.push(`${place}: ${message}`)
    this.sink.refused(JSON.stringify([`#${place}`]))
  }

  private listingEnd(): ListingEnd {
    const { files } = this.side
    const names = files.length === 1 ? (files[0]?.name ?? '') : `${files.length} files`
    if (this.incomplete.length > 0)
      return { complete: false, evidence: [...new Set(this.incomplete)].join('; ') }
    return { complete: true, total: this.records, evidence: `${names} read to the end: ${this.records} rows` }
  }
}

/** @returns undefined where the bytes of this file cannot be walked over, or there are none */
export function walkOf(plan: FieldPlan, { columnOf }: ByteSide, { layout }: CsvFile): RowWalk | undefined {
  const signs = layout && byteSigns(layout)
  if (!signs) return undefined
  const fieldOf = new Int32Array(layout.columns.length).fill(-1)
  plan.names.forEach((name, field) => {
    const column = columnOf(name)
    const at = column === undefined ? -1 : layout.columns.indexOf(column)
    if (at >= 0) fieldOf[at] = field
  })
  return new RowWalk(signs, fieldOf, plan.work)
}

/** As the splitter counts them: LF, CR and CRLF are one each. */
function lineBreaks(bytes: Uint8Array, from: number, to: number): number {
  let count = 0
  for (let i = from; i < to; i++) {
    if (bytes[i] === 10 || (bytes[i] === 13 && (i + 1 === to || bytes[i + 1] !== 10))) count++
  }
  return count
}
