import { MalformedRow, type CsvText } from '../connector'
import { blankRecord } from '../record/shapes'
import type { DataRecord } from '../record/value'
import type { CsvDialect } from './csv-dialect'
import { unescapeFormula } from './csv-formula'
import { CsvSplitter, MAX_ROW, tooLong, type CsvSigns, type Field, type MakeRow } from './csv-split'
import type { FileInput, Mark, RowChunk } from './format'
import { checkedNames, headerFault } from './header'
import { byteLength, startOfText, textOfFile, type Encoding } from './text'

export async function* readCsv(dialect: CsvDialect, input: FileInput, from: Mark): AsyncIterable<RowChunk> {
  const head = await readHead(dialect, input)
  if (!head) return
  const start = from.offset > 0 ? from : head.body
  const make = recordMaker(dialect, head.names)
  const splitter = new CsvSplitter(input.name, head.signs, make, head.names.length, start.line)
  let mark = start
  for await (const piece of textOfFile(input, head.encoding, start.offset)) {
    const rows = splitter.push(piece.text, piece.last)
    const chunk: RowChunk = { rows, start: mark, place: splitter.places.of }
    if (splitter.truncated !== undefined) chunk.incomplete = splitter.truncated
    mark = { offset: piece.end - byteLength(splitter.rest, head.encoding), line: splitter.lines }
    if (rows.length > 0) yield chunk
  }
}

/** For who cuts the bytes into rows by itself. */
export async function csvText(dialect: CsvDialect, input: FileInput): Promise<CsvText> {
  const head = await readHead(dialect, input)
  if (!head) return { layout: undefined, rows: () => ({ rows: [] }) }
  const { encoding, signs, names, body } = head
  const { empty, nullText, absentText, unescape } = dialect
  const make = recordMaker(dialect, names)
  return {
    layout: {
      utf8: encoding === 'utf-8',
      delimiter: signs.delimiter,
      quote: signs.quote,
      escape: signs.escape,
      empty,
      ...(nullText === undefined ? {} : { nullText }),
      ...(absentText === undefined ? {} : { absentText }),
      unescape,
      columns: names,
      body,
    },
    rows: (text, line) => {
      const splitter = new CsvSplitter(input.name, signs, make, names.length, line)
      return { rows: splitter.push(text, true), truncated: splitter.truncated }
    },
  }
}

function recordMaker({ unescape }: CsvDialect, names: readonly string[]): MakeRow<DataRecord> {
  const blank = blankRecord(names)
  return (fields) => {
    const record: DataRecord = { ...blank }
    let absent = false
    for (let i = 0; i < names.length; i++) {
      const [name = '', value] = [names[i], fields[i]]
      if (value === undefined) absent = true
      else record[name] = unescape && value !== null ? unescapeFormula(value) : value
    }
    return absent ? withoutAbsent(record, fields, names) : record
  }
}

function withoutAbsent(record: DataRecord, fields: readonly Field[], names: readonly string[]): DataRecord {
  return Object.fromEntries(
    Object.entries(record).filter(([name]) => fields[names.indexOf(name)] !== undefined),
  )
}

/** What the beginning of a file says about the rest. */
export interface CsvHead {
  encoding: Encoding
  signs: CsvSigns & { delimiter: string }
  names: readonly string[]
  /** Where the first row of data begins. */
  body: Mark
}

/** @returns undefined for a file with nothing in it */
export async function readHead(dialect: CsvDialect, input: FileInput): Promise<CsvHead | undefined> {
  const { encoding, bom } = await startOfText(input, dialect.encoding)
  let text = ''
  for await (const piece of textOfFile(input, encoding, bom)) {
    text += piece.text
    const above = linesAbove(text, dialect.headerRow, piece.last)
    const rest = text.slice(above?.end)
    const signs = signsOf({ ...above?.named, ...dialect }, rest)
    const first = above && firstRow(input.name, signs, rest, { last: piece.last, line: above.lines })
    // looking for its end again and again in a text that has none would take for ever
    if (!first && text.length > MAX_ROW) throw tooLong(input.name, 1)
    if (!first) continue
    assertCsv(input.name, rest)
    if (first.row instanceof MalformedRow) throw headerFault(input.name, first.row.rejection.message)
    const names = dialect.columns ?? checkedNames(input.name, first.row)
    const [end, line] = dialect.header ? [above.end + first.end, first.lines] : [above.end, above.lines]
    const body = { offset: bom + byteLength(text.slice(0, end), encoding), line }
    return { encoding, signs, names, body }
  }
  if (text.trim() === '' || dialect.headerRow === 1) return undefined
  throw headerFault(input.name, `it has nothing in line ${dialect.headerRow} or below`)
}

/** What stands above the header: lines to pass over, the last of which may name the delimiter. */
interface Above {
  end: number
  lines: number
  named?: { delimiter: string }
}

/** With it Excel names the delimiter, in files that it writes and in those that it opens. */
const SEPARATOR_LINE = /^"?sep=(.)"?(?:\r\n|\n|\r)/i

/** @returns undefined while this text cannot tell */
function linesAbove(text: string, headerRow: number, last: boolean): Above | undefined {
  const lines = headerRow - 1
  const lineEnd = /\r\n|\n|\r/g
  for (let line = 0; line < lines; line++) if (lineEnd.exec(text) === null) return undefined
  const end = lineEnd.lastIndex
  const rest = text.slice(end, end + 16)
  // of a CR at the end of this text nobody knows yet whether an LF follows
  if (rest.length < 16 && !last) return undefined
  const [separator, delimiter] = SEPARATOR_LINE.exec(rest) ?? []
  if (separator === undefined || delimiter === undefined) return { end, lines }
  return { end: end + separator.length, lines: lines + 1, named: { delimiter } }
}

/** What is sent in place of a file is often one line: a header without rows, and nothing to complain about. */
function assertCsv(file: string, text: string): void {
  const kind = /^\s*(?:(<!doctype html|<html)|(<\?xml)|\[?\{")/i.exec(text)
  if (kind === null) return
  const what = kind[1] !== undefined ? 'a web page' : kind[2] !== undefined ? 'XML' : 'JSON'
  throw headerFault(
    file,
    `it holds ${what}, not CSV`,
    'Check that this is the right file and the right connector.',
  )
}

function firstRow(
  file: string,
  { delimiter, quote, escape }: CsvSigns,
  text: string,
  { last, line }: { last: boolean; line: number },
): { row: string[] | MalformedRow; end: number; lines: number } | undefined {
  const texts: MakeRow<string[]> = (fields, count) => fields.slice(0, count).map((field) => field ?? '')
  const splitter = new CsvSplitter(file, { delimiter, quote, escape, empty: '' }, texts, 0, line)
  const row = splitter.first(text, last)
  return row && { row, end: text.length - splitter.rest.length, lines: splitter.lines }
}

function signsOf(dialect: CsvDialect, text: string): CsvHead['signs'] {
  const { nullText, absentText, quote, escape } = dialect
  const empty = dialect.empty === 'null' ? null : dialect.empty === 'text' ? '' : undefined
  const signs = { delimiter: dialect.delimiter ?? detectDelimiter(text, quote), quote, escape, empty }
  if (nullText === undefined && absentText === undefined) return signs
  return {
    ...signs,
    unquoted: (field) => (field === nullText ? null : field === absentText ? undefined : field),
  }
}

/** The candidate that stands most often, and equally often, in the first lines outside quotes; else a comma. */
function detectDelimiter(text: string, quote: string): string {
  const bare =
    quote === ''
      ? text
      : text
          .split(quote)
          .filter((_, i) => i % 2 === 0)
          .join('')
  const lines = bare
    .slice(0, 64 * 1024)
    .split(/\r\n|\n|\r/)
    .filter((line) => line !== '')
  const sample = lines.slice(0, Math.max(1, Math.min(10, lines.length - 1)))
  let best = { delimiter: ',', score: 0 }
  for (const delimiter of [',', ';', '\t', '|']) {
    const counts = sample.map((line) => line.split(delimiter).length - 1)
    const first = counts[0] ?? 0
    const score = first * counts.filter((count) => count === first).length
    if (score > best.score) best = { delimiter, score }
  }
  return best.delimiter
}
