import { MalformedRow, type CsvFile } from '../../connector'
import { Fault } from '../../fault'
import { CountingLedger } from '../../record/ledger'
import type { FileReader } from '../../ports'
import { Rejection } from '../../record/rejection'
import type { DataRecord } from '../../record/value'
import type { FieldPlan } from './column-plan'
import type { RowWalk } from './row-walk'
import { walkOf, type ByteSide } from './side-scan'

/** Rows that stand no further apart are read at once. */
const GAP = 16 * 1024
const WINDOW = 256 * 1024
const FIRST_READ = 4096
/** Rows that become records at once. */
const BATCH = 256
const LF = 10
const CR = 13
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** Reads single rows of a side again, in the order of their places, as records. */
export class RowFetch {
  private readonly files: { file: CsvFile; base: number; walk: RowWalk | undefined; reader?: FileReader }[] =
    []
  private readonly ledger = new CountingLedger()
  private bytes = new Uint8Array(WINDOW + 8)
  /** Where the bytes stand in the open file, and how many there are. */
  private at = 0
  private filled = 0
  private current = -1

  constructor(
    private readonly side: ByteSide,
    plan: FieldPlan,
  ) {
    let base = 0
    const nothing = { ...plan, names: [], work: new Uint8Array(0) }
    for (const file of side.files) {
      this.files.push({ file, base, walk: walkOf(nothing, side, file) })
      base += file.size
    }
  }

  /** The records at these places, in this order. */
  async records(places: Float64Array): Promise<DataRecord[]> {
    const order = Uint32Array.from(places, (_, i) => i).sort(
      (one, two) => (places[one] ?? 0) - (places[two] ?? 0),
    )
    const records = new Array<DataRecord>(places.length)
    for (let from = 0; from < order.length;) {
      const file = this.fileAt(places[order[from] ?? 0] ?? 0)
      let to = from
      while (to < order.length && to < from + BATCH && this.fileAt(places[order[to] ?? 0] ?? 0) === file) to++
      const batch = await this.batch(file, order.subarray(from, to), places)
      batch.forEach((record, i) => {
        records[order[from + i] ?? 0] = record
      })
      from = to
    }
    return records
  }

  async close(): Promise<void> {
    for (const { reader } of this.files) await reader?.close()
  }

  private fileAt(place: number): number {
    return this.files.findLastIndex(({ base }) => base <= place)
  }

  private async batch(number: number, order: Uint32Array, places: Float64Array): Promise<DataRecord[]> {
    const opened = this.files[number]
    if (!opened?.walk) return []
    opened.reader ??= await opened.file.open()
    if (this.current !== number) this.filled = 0
    this.current = number
    const { walk, reader, base, file } = opened
    let text = ''
    for (let i = 0; i < order.length; i++) {
      const at = (places[order[i] ?? 0] ?? 0) - base
      const next = (places[order[i + 1] ?? -1] ?? Infinity) - base
      text += await this.rowAt(walk, reader, at, next - at <= GAP)
    }
    const records = file.rows(text, 0).rows.flatMap((row) => {
      const record = row instanceof MalformedRow ? row.rejection : this.side.mapper.map(row, this.ledger)
      return record instanceof Rejection ? [] : [record]
    })
    // each was a record when it was walked over
    if (records.length === order.length) return records
    throw new Fault('SOURCE_CHANGED', `${file.name} changed while it was read; reconcile again`, {
      file: file.name,
    })
  }

  /** @param more whether the next row is not far */
  private async rowAt(walk: RowWalk, reader: FileReader, at: number, more: boolean): Promise<string> {
    for (let size = more ? WINDOW : FIRST_READ; ; size *= 2) {
      const from = at - this.at
      if (from >= 0 && from < this.filled) {
        walk.load(this.bytes, this.filled)
        const end = walk.row(from)
        if (end >= 0) {
          const last = this.bytes[end - 1]
          const text = decoder.decode(this.bytes.subarray(from, end))
          return last === LF || last === CR ? text : text + '\n'
        }
      }
      await this.fill(reader, at, size)
      walk.last = this.filled < size
    }
  }

  private async fill(reader: FileReader, at: number, size: number): Promise<void> {
    if (this.bytes.length < size + 8) this.bytes = new Uint8Array(size + 8)
    this.at = at
    this.filled = 0
    while (this.filled < size) {
      const bytes = await reader.read(this.bytes.subarray(this.filled, size), at + this.filled)
      if (bytes === 0) break
      this.filled += bytes
    }
    this.bytes[this.filled] = LF
  }
}
