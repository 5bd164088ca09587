import { MalformedRow, type CsvText } from '../connector'
import type { DataRecord } from '../record/value'
import type { CsvDialect } from './csv-dialect'
import { unescapeFormula } from './csv-formula'
import { CsvSplitter, type CsvSigns, type Field, type SplitRow } from './csv-split'
import type { FileInput, Mark, RowChunk } from './format'
import { checkedNames, headerFault } from './header'
import { byteLength, startOfText, textOfFile, type Encoding } from './text'

export async function* readCsv(dialect: CsvDialect, input: FileInput, from: Mark): AsyncIterable<RowChunk> {
  const head = await readHead(dialect, input)
  if (!head) return
  const start = from.offset > 0 ? from : head.body
  const splitter = new CsvSplitter(input.name, head.signs, head.names.length, start.line)
  const record = recordMaker(dialect, head.names)
  let mark = start
  for await (const piece of textOfFile(input, head.encoding, start.offset)) {
    const rows = splitter.push(piece.text, piece.last)
    const chunk: RowChunk = { rows: rows.map(record), start: mark, place: splitter.places.of }
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
  const record = recordMaker(dialect, names)
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
      const splitter = new CsvSplitter(input.name, signs, names.length, line)
      return { rows: splitter.push(text, true).map(record), truncated: splitter.truncated }
    },
  }
}

function recordMaker(
  dialect: CsvDialect,
  names: readonly string[],
): (row: SplitRow) => DataRecord | MalformedRow {
  const template = Object.fromEntries(names.map((name) => [name, null]))
  return (row) => recordOf(row, names, template, dialect.unescape)
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
    const signs = signsOf(dialect, text)
    const first = firstRow(input.name, signs, text, piece.last)
    if (!first) continue
    if (first.row instanceof MalformedRow) throw headerFault(input.name, first.row.rejection.message)
    const names =
      dialect.columns ??
      checkedNames(
        input.name,
        first.row.map((field) => field ?? ''),
      )
    if (!dialect.header) return { encoding, signs, names, body: { offset: bom, line: 0 } }
    const offset = bom + byteLength(text.slice(0, first.end), encoding)
    return { encoding, signs, names, body: { offset, line: first.lines } }
  }
  return undefined
}

function firstRow(
  file: string,
  { delimiter, quote, escape }: CsvSigns,
  text: string,
  last: boolean,
): { row: SplitRow; end: number; lines: number } | undefined {
  const splitter = new CsvSplitter(file, { delimiter, quote, escape, empty: '' })
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

function recordOf(
  row: SplitRow,
  names: readonly string[],
  template: DataRecord,
  escaped: boolean,
): DataRecord | MalformedRow {
  if (row instanceof MalformedRow) return row
  const record: DataRecord = { ...template }
  let absent = false
  for (let i = 0; i < row.length; i++) {
    const [name, value] = [names[i], row[i]]
    if (name === undefined) break
    if (value === undefined) absent = true
    else record[name] = escaped && value !== null ? unescapeFormula(value) : value
  }
  return absent ? withoutAbsent(record, row, names) : record
}

function withoutAbsent(record: DataRecord, row: readonly Field[], names: readonly string[]): DataRecord {
  return Object.fromEntries(Object.entries(record).filter(([name]) => row[names.indexOf(name)] !== undefined))
}
