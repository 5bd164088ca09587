import {
  type Consistency,
  type CsvFile,
  type ListingEnd,
  type Page,
  type ReadRequest,
  type Source,
} from '../connector'
import { Fault } from '../fault'
import { BEGINNING, type Format, type Row, type RowChunk } from '../format/format'
import type { FileInfo, FileReader, Ports } from '../ports'
import { shownAddress } from '../shown-address'
import { existing } from './path'
import { parsePosition, printPosition, type Position } from './position'
import { printOfFile, samePrint, type FilePrint } from './print'

/** Reads the records of one or more files of one format, one file after the other in alphabetical order. */
export class FileSource implements Source {
  readonly typed: boolean

  constructor(
    private readonly ports: Pick<Ports, 'files' | 'signer' | 'log'>,
    private readonly format: Format,
    private readonly path: string,
  ) {
    this.typed = format.typed
  }

  async csvFiles(): Promise<readonly CsvFile[] | undefined> {
    const { files } = this.ports
    if (!this.format.csv || !files.reader) return undefined
    const found: CsvFile[] = []
    for (const info of await existing(files, this.path)) {
      const reader = await files.reader(info.path)
      if (!reader) return undefined
      await reader.close()
      const input = { name: shownAddress(info.path), open: (start?: number) => files.read(info.path, start) }
      found.push({
        ...(await this.format.csv(input)),
        name: shownAddress(info.path),
        size: info.size,
        open: () => reopened(files, info.path),
        changed: () => hasChanged(files, info),
      })
    }
    return found
  }

  async *read(request: ReadRequest): AsyncIterable<Page> {
    const files = await existing(this.ports.files, this.path)
    const position = request.after === undefined ? undefined : parsePosition(request.after)
    const reading = new Reading(this.ports, this.format, files)
    if (position) await reading.resume(position)
    for await (const page of reading.pages(request.pageSize, request.signal)) {
      const { end } = page
      if (!end || request.snapshot !== true || position) yield page
      else yield { ...page, end: { ...end, snapshot: await reading.consistency() } }
    }
  }
}

/** One read through all files, from its beginning or from where an earlier one stopped. */
class Reading {
  private file = 0
  private mark = BEGINNING
  /** Rows after `mark` that were given out. */
  private skip = 0
  /** Rows of all files that were given out. */
  private row = 0
  private print: FilePrint | undefined
  private readonly prints = new Map<string, FilePrint>()
  private readonly incomplete: string[] = []

  constructor(
    private readonly ports: Pick<Ports, 'files' | 'signer' | 'log'>,
    private readonly format: Format,
    private readonly files: readonly FileInfo[],
  ) {}

  /** @throws Fault SOURCE_CHANGED */
  async resume(position: Position): Promise<void> {
    this.file = this.files.findIndex((file) => file.path === position.path)
    const info = this.files[this.file]
    if (!info) throw changed(position.path, 'is not there any more')
    if (this.file !== position.file) throw changed(position.path, 'has other files before it than it had')
    this.print = await printOfFile(this.ports, info)
    if (!samePrint(this.print, position.print))
      throw changed(position.path, 'is not the file that the run began with')
    this.mark = position.mark
    this.skip = position.skip
    this.row = position.row
    if (position.incomplete !== undefined) this.incomplete.push(position.incomplete)
  }

  /** Whether every file is the one that it was when the reading began. */
  async consistency(): Promise<Consistency> {
    for (const info of this.files) {
      const path = shownAddress(info.path)
      if (info.modified === 0)
        return { consistent: false, evidence: `the server does not say when ${path} changed` }
      const before = this.prints.get(info.path)
      if (await hasChanged(this.ports.files, info))
        return { consistent: false, evidence: `${path} changed while it was read` }
      if (before && !samePrint(before, await printOfFile(this.ports, info)))
        return { consistent: false, evidence: `${path} changed while it was read` }
    }
    const what = this.files.length === 1 ? 'the file has' : 'the files have'
    return { consistent: true, evidence: `${what} the size, the time and the first bytes that it had before` }
  }

  async *pages(size: number, signal: AbortSignal): AsyncIterable<Page> {
    let rows = new PlacedRows()
    for await (const { chunk, done } of this.chunks(signal)) {
      for (let at = done; at < chunk.rows.length;) {
        const taken = rows.take(chunk, at, size)
        at += taken
        this.skip += taken
        if (rows.length < size) continue
        yield this.page(rows)
        rows = new PlacedRows()
      }
    }
    yield { ...this.page(rows), end: this.end() }
  }

  /** Each piece of each file, and how many of its rows are done; sets where it stands before it gives it out. */
  private async *chunks(signal: AbortSignal): AsyncIterable<{ chunk: RowChunk; done: number }> {
    for (; this.file < this.files.length; this.file++) {
      const info = this.files[this.file]
      if (!info) return
      this.print ??= await printOfFile(this.ports, info)
      this.prints.set(info.path, this.print)
      let done = this.skip
      const input = {
        name: shownAddress(info.path),
        open: (start?: number) => this.ports.files.read(info.path, start),
      }
      for await (const chunk of this.format.read(input, this.mark)) {
        signal.throwIfAborted()
        if (chunk.incomplete !== undefined) this.incomplete.push(chunk.incomplete)
        if (done >= chunk.rows.length && done > 0) {
          done -= chunk.rows.length
          continue
        }
        if (chunk.start.offset > this.mark.offset) [this.mark, this.skip] = [chunk.start, done]
        yield { chunk, done }
        done = 0
      }
      await this.noteChange(info)
      if (this.file + 1 < this.files.length) this.next()
    }
  }

  /** A file that grew or was replaced meanwhile may lack rows that it has now. */
  private async noteChange(before: FileInfo): Promise<void> {
    if (!(await hasChanged(this.ports.files, before))) return
    const what = `${shownAddress(before.path)} changed while it was read`
    this.incomplete.push(what)
    this.ports.log.warn(`${what}: its rows may be in part the old and in part the new ones. Run again.`)
  }

  private next(): void {
    this.mark = BEGINNING
    this.skip = 0
    this.print = undefined
  }

  private page({ rows, parts }: PlacedRows): Page {
    const firstRow = this.row + 1
    this.row += rows.length
    return { rows, place: placeIn(parts), firstRow, position: this.position() }
  }

  private position(): string {
    const at = Math.min(this.file, this.files.length - 1)
    const incomplete = this.incomplete.at(-1)
    return printPosition({
      file: at,
      path: this.files[at]?.path ?? '',
      mark: this.mark,
      skip: this.skip,
      row: this.row,
      print: this.print ?? { size: 0, modified: 0, head: '' },
      ...(incomplete === undefined ? {} : { incomplete }),
    })
  }

  private end(): ListingEnd {
    const files =
      this.files.length === 1 ? shownAddress(this.files[0]?.path ?? '') : `${this.files.length} files`
    if (this.incomplete.length > 0)
      return { complete: false, evidence: [...new Set(this.incomplete)].join('; ') }
    return { complete: true, total: this.row, evidence: `${files} read to the end: ${this.row} rows` }
  }
}

/** Rows of one or more chunks, which still know where they stand. */
class PlacedRows {
  rows: Row[] = []
  readonly parts: Part[] = []

  get length(): number {
    return this.rows.length
  }

  /** @returns how many rows it took from `at` on, up to `size` in all */
  take({ rows, place }: RowChunk, at: number, size: number): number {
    const taken = rows.slice(at, at + size - this.rows.length)
    this.parts.push({ from: this.rows.length, at, place })
    this.rows = this.rows.length === 0 ? taken : this.rows.concat(taken)
    return taken.length
  }
}

/** Rows from `from` on begin at row `at` of a chunk. */
interface Part {
  from: number
  at: number
  place: RowChunk['place']
}

/** Outlives the rows, so it holds none of them. */
function placeIn(parts: readonly Part[]): RowChunk['place'] {
  return (index) => {
    const part = parts.findLast(({ from }) => from <= index)
    return part ? part.place(index - part.from + part.at) : ''
  }
}

async function reopened(files: Ports['files'], path: string): Promise<FileReader> {
  const reader = await files.reader?.(path)
  if (!reader) throw changed(path, 'is not the file that the run began with')
  return reader
}

async function hasChanged(files: Ports['files'], before: FileInfo): Promise<boolean> {
  const [now] = await files.list(before.path)
  return now?.size !== before.size || now.modified !== before.modified
}

function changed(address: string, how: string): Fault {
  const path = shownAddress(address)
  return new Fault('SOURCE_CHANGED', `${path} ${how}; restart the workflow from the beginning`, {
    file: path,
  })
}
