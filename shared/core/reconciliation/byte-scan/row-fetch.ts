import { MalformedRow, type CsvFile } from '../../connector'
import { Fault } from '../../fault'
import type { FileReader } from '../../ports'
import { CountingLedger } from '../../record/ledger'
import { Rejection } from '../../record/rejection'
import type { DataRecord } from '../../record/value'
import { ByteScan } from './byte-scan'
import type { FieldPlan } from './column-plan'
import { layoutOf, type ByteSide } from './side-scan'

/** Rows that stand no further apart are read at once: a read costs as much as the copy of so many bytes. */
const GAP = 64 * 1024
const READ = 256 * 1024
const FIRST_READ = 4096
/** Of rows that are loaded at once: larger than they are as a rule, because what is outgrown is not given back soon. */
const ROWS = 1536 * 1024
const LF = 10
const CR = 13
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

interface OpenFile {
  file: CsvFile
  base: number
  layout: number
  reader?: FileReader
}

/** Reads single rows of a side again: their bytes in the order of their places, their records in any. */
export class RowFetch {
  private readonly files: OpenFile[] = []
  private readonly ledger = new CountingLedger()
  /** Has what was read last: of which file, from which place on, how much, and whether the file ends there. */
  private readonly scan: ByteScan
  private current: OpenFile | undefined
  private at = 0
  private filled = 0
  private last = false
  /** The rows that were loaded: their places in order, their bytes one after the other, and where each ends. */
  private places = new Float64Array(0)
  private ends = new Int32Array(0)
  private rows = new Uint8Array(ROWS)
  /** Of the rows that become records. */
  private chosen = new Uint8Array(READ)

  constructor(
    private readonly side: ByteSide,
    plan: FieldPlan,
  ) {
    let base = 0
    // only where rows end matters
    const nothing = { ...plan, names: [], work: [], compared: [], key: [], dimensions: [], measures: [] }
    this.scan = new ByteScan(nothing)
    for (const file of side.files) {
      const layout = layoutOf(this.scan, nothing, side, file)
      if (layout !== undefined) this.files.push({ file, base, layout })
      base += file.size
    }
  }

  /** Reads the rows at these places, in place of those that were loaded before. */
  async load(places: Float64Array<ArrayBuffer>): Promise<void> {
    this.places = places.sort()
    this.ends = new Int32Array(places.length)
    let used = 0
    for (let i = 0; i < places.length; i++) {
      const place = places[i] ?? 0
      const near = (places[i + 1] ?? Infinity) - place <= GAP
      const row = this.rowAt(place) ?? (await this.readRow(place, near ? READ : FIRST_READ))
      this.rows = withRoom(this.rows, used, row.length)
      this.rows.set(row, used)
      this.ends[i] = used += row.length
    }
  }

  /** The records at these places, which were loaded. */
  records(places: readonly number[]): DataRecord[] {
    const records: DataRecord[] = []
    for (let from = 0; from < places.length;) {
      const file = this.fileAt(places[from] ?? 0)
      let to = from + 1
      while (to < places.length && this.fileAt(places[to] ?? 0) === file) to++
      for (const record of this.parsed(file, places.slice(from, to))) records.push(record)
      from = to
    }
    return records
  }

  async close(): Promise<void> {
    for (const { reader } of this.files) await reader?.close()
  }

  private parsed({ file }: OpenFile, places: readonly number[]): DataRecord[] {
    let used = 0
    for (const place of places) {
      const row = this.loaded(place)
      this.chosen = withRoom(this.chosen, used, row.length + 1)
      this.chosen.set(row, used)
      used += row.length
      const last = row.at(-1)
      if (last !== LF && last !== CR) this.chosen[used++] = LF
    }
    const { rows } = file.rows(decoder.decode(this.chosen.subarray(0, used)), 0)
    const records = rows.flatMap((row) => {
      const record = row instanceof MalformedRow ? row.rejection : this.side.mapper.map(row, this.ledger)
      return record instanceof Rejection ? [] : [record]
    })
    // each was a record when it was walked over
    if (records.length !== places.length) throw changed(file)
    return records
  }

  private loaded(place: number): Uint8Array {
    const { places, ends } = this
    let [from, to] = [0, places.length]
    while (from < to) {
      const middle = (from + to) >> 1
      if ((places[middle] ?? 0) < place) from = middle + 1
      else to = middle
    }
    return this.rows.subarray(ends[from - 1] ?? 0, ends[from])
  }

  private fileAt(place: number): OpenFile {
    const file = this.files.findLast(({ base }) => base <= place)
    if (!file) throw new Error(`no file has the place ${place}`)
    return file
  }

  /** @returns undefined where it is not in what was read last, or not the whole of it */
  private rowAt(place: number): Uint8Array | undefined {
    const { at, current, filled, scan } = this
    const from = place - at
    if (from < 0 || from >= filled || current !== this.fileAt(place)) return undefined
    const row = scan.code.blockOf(filled) + from
    const end = scan.code.walkRow(row)
    return end === 0 ? undefined : scan.bytes.subarray(row, end)
  }

  private async readRow(place: number, atLeast: number): Promise<Uint8Array> {
    const opened = this.fileAt(place)
    const reader = (opened.reader ??= await opened.file.open())
    this.current = opened
    this.at = place
    for (let size = atLeast; ; size *= 2) {
      await this.fill(reader, place - opened.base, size, opened.layout)
      const row = this.rowAt(place)
      if (row) return row
      if (this.last) throw changed(opened.file)
    }
  }

  private async fill(reader: FileReader, at: number, size: number, layout: number): Promise<void> {
    const { code } = this.scan
    const from = code.blockOf(size)
    this.filled = 0
    while (this.filled < size) {
      const into = this.scan.bytes.subarray(from + this.filled, from + size)
      const bytes = await reader.read(into, at + this.filled)
      if (bytes === 0) break
      this.filled += bytes
    }
    this.last = this.filled < size
    code.useLayout(layout)
    code.loadRows(from, from + this.filled, this.last)
  }
}

function withRoom(bytes: Uint8Array<ArrayBuffer>, used: number, more: number): Uint8Array<ArrayBuffer> {
  if (used + more <= bytes.length) return bytes
  const larger = new Uint8Array((used + more) * 2)
  larger.set(bytes.subarray(0, used))
  return larger
}

function changed({ name }: CsvFile): Fault {
  return new Fault('SOURCE_CHANGED', `${name} changed while it was read; reconcile again`, { file: name })
}
