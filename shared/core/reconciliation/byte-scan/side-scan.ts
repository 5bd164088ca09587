import { MalformedRow, type CsvFile, type ListingEnd } from '../../connector'
import type { Mapper } from '../../mapping/mapper'
import { CountingLedger } from '../../record/ledger'
import { Rejection } from '../../record/rejection'
import type { ReadSide } from '../first-pass'
import { BlockReader } from './block-reader'
import { ByteNewest } from './byte-newest'
import type { ByteScan } from './byte-scan'
import type { FieldPlan } from './column-plan'
import type { RowIntake } from './row-intake'
import { Stop } from './walk-plan'

const STOPS = [Stop.end, Stop.full, Stop.record, Stop.key, Stop.newest] as const
const SHOWN = 3
const LF = 10
const CR = 13
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

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

  /** @param onFull takes the entries of the scan away */
  constructor(
    private readonly scan: ByteScan,
    private readonly side: ByteSide,
    private readonly plan: FieldPlan,
    private readonly intake: RowIntake,
    private readonly onFull: () => void,
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
    this.scan.code.beginSide(this.intake.side, this.plan.cutOff)
    let base = 0
    for (const file of this.side.files) {
      yield* this.fileBlocks(file, base)
      if (await file.changed()) this.incomplete.push(`${file.name} changed while it was read`)
      base += file.size
    }
    this.onFull()
    this.end = this.listingEnd()
  }

  private async *fileBlocks(file: CsvFile, base: number): AsyncGenerator<number> {
    const { scan, plan, side } = this
    const layout = layoutOf(scan, plan, side, file)
    if (!file.layout || layout === undefined) return
    const opened = await file.open()
    try {
      const reader = new BlockReader(scan, opened, file.name, file.layout.body.offset)
      this.line = file.layout.body.line
      scan.code.useLayout(layout)
      for (let from = await reader.next(); from !== undefined; from = await reader.next()) {
        const used = this.rows(file, from, base + reader.at)
        this.bytes += used
        reader.done(used, this.line)
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
  private rows(file: CsvFile, block: number, place: number): number {
    const { code } = this.scan
    let at = block
    for (;;) {
      const rowPlace = (row: number): number => place + row - block
      let stop = this.taken(code.takeRows(at, rowPlace(at)))
      at = code.stoppedAt()
      if (stop === Stop.end) return at - block
      if (stop === Stop.full) this.onFull()
      if (stop === Stop.key) {
        stop = this.intake.rowKey() ? this.taken(code.takeKeyed(rowPlace(at))) : Stop.record
        if (stop !== Stop.record) at = code.rowEnd()
      }
      if (stop === Stop.newest) this.latest.ofRow(this.scan)
      if (stop === Stop.record) {
        const to = code.rowEnd()
        this.byText(file, at, to, rowPlace(at))
        at = to
      }
    }
  }

  /** After rows were taken in. */
  private taken(stop: number): Stop {
    const { code } = this.scan
    this.records += code.rowsTaken()
    this.line += code.linesTaken()
    return STOPS[stop] ?? Stop.end
  }

  private byText(file: CsvFile, from: number, to: number, place: number): void {
    const { line, scan } = this
    this.line += lineBreaks(scan.bytes, from, to)
    const { rows, truncated } = file.rows(decoder.decode(scan.bytes.subarray(from, to)), line)
    if (truncated !== undefined) this.incomplete.push(truncated)
    for (const found of rows) {
      this.records++
      const mapped = found instanceof MalformedRow ? found : this.side.mapper.map(found, this.ledger)
      if (mapped instanceof MalformedRow) this.refuse(mapped.place, mapped.rejection)
      else if (mapped instanceof Rejection) this.refuse(`${file.name} line ${line + 1}`, mapped)
      else {
        this.latest.ofRecord(mapped)
        this.intake.record(mapped, place)
      }
    }
  }

  private refuse(place: string, { message }: Rejection): void {
    this.refusals++
    if (this.unreadable.length < SHOWN) this.unreadable.push(`${place}: ${message}`)
    this.intake.refused(JSON.stringify([`#${place}`]))
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
export function layoutOf(
  scan: ByteScan,
  { names }: FieldPlan,
  { columnOf }: ByteSide,
  { layout }: CsvFile,
): number | undefined {
  const fields = new Map(names.map((name, field) => [columnOf(name), field]))
  return layout && scan.layout(layout, (column) => fields.get(column) ?? -1)
}

/** As the splitter counts them: LF, CR and CRLF are one each. */
function lineBreaks(bytes: Uint8Array, from: number, to: number): number {
  let count = 0
  for (let i = from; i < to; i++) {
    if (bytes[i] === LF || (bytes[i] === CR && (i + 1 === to || bytes[i + 1] !== LF))) count++
  }
  return count
}
