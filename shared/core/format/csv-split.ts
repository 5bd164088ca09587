import { Fault } from '../fault'
import { MalformedRow } from '../connector'
import { Rejection } from '../record/rejection'
import { RowPlaces } from './row-places'

/** What the fields of a CSV file are made of. */
export interface CsvSigns {
  /** One character. */
  delimiter: string
  /** One character, or '' where nothing is quoted. */
  quote: string
  /** What stands before a quote inside a quoted field: the quote itself where it is doubled, or such as `\`. */
  escape: string
  /** What an unquoted field with nothing in it means. */
  empty: Field
  /** Reads an unquoted field that is not empty; for markers of null and absent. */
  unquoted?: (text: string) => Field
}

/** undefined: the field is absent. */
export type Field = string | null | undefined

/** Makes a row of the first `count` of these fields; the list is used again for the next row. */
export type MakeRow<Row> = (fields: readonly Field[], count: number) => Row

/** Without a bound one lost quote would take the rest of the file into memory. */
export const MAX_ROW = 4 * 1024 * 1024

const LF = 10
const CR = 13

/**
 * Cuts CSV text (RFC 4180, lines ending in LF, CR or CRLF) into rows of fields, piece by piece. A row that does not end
 * in its piece waits for the next one.
 */
export class CsvSplitter<Row> {
  /** Set when the file ended inside a quoted field. */
  truncated: string | undefined
  private text = ''
  /** Where the row that comes next begins in `text`. */
  private at = 0
  private last = false
  private rows: (Row | MalformedRow)[] = []
  private placed: RowPlaces
  private readonly fields: Field[] = []
  private readonly delimiter: number
  private readonly quote: number
  private readonly escape: number

  constructor(
    private readonly file: string,
    private readonly signs: CsvSigns,
    private readonly make: MakeRow<Row>,
    /** Fields of every row; 0: as many as the first row has. */
    private width = 0,
    /** Lines of the file before the text that comes first. */
    private line = 0,
  ) {
    this.placed = new RowPlaces(`${file} line`)
    this.delimiter = signs.delimiter.charCodeAt(0)
    this.quote = signs.quote === '' ? -1 : signs.quote.charCodeAt(0)
    this.escape = signs.escape.charCodeAt(0)
  }

  /** Text that waits for the end of its row. */
  get rest(): string {
    return this.text.slice(this.at)
  }

  /** Lines of the file before `rest`. */
  get lines(): number {
    return this.line
  }

  /** Of the rows that ended in the last piece. */
  get places(): RowPlaces {
    return this.placed
  }

  /** The rows that end in this piece. */
  push(piece: string, last: boolean): (Row | MalformedRow)[] {
    this.text = this.rest + piece
    this.at = 0
    this.last = last
    this.rows = []
    this.placed = new RowPlaces(`${this.file} line`)
    while (this.at < this.text.length && this.row());
    if (this.text.length - this.at > MAX_ROW) throw tooLong(this.file, this.line + 1)
    return this.rows
  }

  /** The first row that is not blank, once it ends in this piece; what comes after it stays in `rest`. */
  first(piece: string, last: boolean): Row | MalformedRow | undefined {
    this.text = this.rest + piece
    this.at = 0
    this.last = last
    this.rows = []
    while (this.rows.length === 0 && this.at < this.text.length && this.row());
    return this.rows[0]
  }

  /** Takes one row; false when it does not end in this text. */
  private row(): boolean {
    const { text, delimiter, quote, signs, fields } = this
    const end = text.length
    let count = 0
    let breaks = 0
    let i = this.at
    for (;;) {
      const start = i
      if (text.charCodeAt(i) === quote) {
        const close = this.closingQuote(i + 1)
        if (close < 0) return this.last && this.neverClosed(count + 1)
        const inside = text.slice(start + 1, close)
        breaks += lineBreaks(inside)
        fields[count++] = this.unescaped(inside)
        i = close + 1
        if (i < end && !this.endsField(text.charCodeAt(i))) return this.misplaced(i, count, breaks)
      } else {
        for (; i < end; i++) {
          const unit = text.charCodeAt(i)
          if (unit === delimiter || unit === LF || unit === CR) break
        }
        if (start === i) fields[count++] = signs.empty
        else fields[count++] = signs.unquoted ? signs.unquoted(text.slice(start, i)) : text.slice(start, i)
      }
      if (text.charCodeAt(i) === delimiter) {
        i++
        continue
      }
      const next = this.afterBreak(i)
      if (next === undefined) return false
      this.endRow(count, next, breaks)
      return true
    }
  }

  private endsField(unit: number): boolean {
    return unit === this.delimiter || unit === LF || unit === CR
  }

  /** Where the next row begins; undefined when this text cannot tell. */
  private afterBreak(at: number): number | undefined {
    const { text, last } = this
    if (at >= text.length) return last ? text.length : undefined
    if (text.charCodeAt(at) !== CR) return at + 1
    if (at + 1 === text.length) return last ? at + 1 : undefined
    return text.charCodeAt(at + 1) === LF ? at + 2 : at + 1
  }

  /** -1 when it is not in this text, or when the sign after it is not. */
  private closingQuote(from: number): number {
    const { text, quote, escape, last } = this
    if (escape !== quote) return this.unescapedQuote(from)
    const sign = this.signs.quote
    for (let i = text.indexOf(sign, from); i >= 0; i = text.indexOf(sign, i + 2)) {
      if (i + 1 === text.length) return last ? i : -1
      if (text.charCodeAt(i + 1) !== quote) return i
    }
    return -1
  }

  private unescapedQuote(from: number): number {
    const { text, quote, escape } = this
    for (let i = from; i < text.length; i++) {
      const unit = text.charCodeAt(i)
      if (unit === escape) i++
      else if (unit === quote) return i
    }
    return -1
  }

  private unescaped(inside: string): string {
    const { escape, quote } = this.signs
    if (!inside.includes(escape)) return inside
    if (escape === quote) return inside.replaceAll(quote + quote, quote)
    let out = ''
    for (let i = 0; i < inside.length; i++) out += inside.charAt(inside[i] === escape ? ++i : i)
    return out
  }

  private endRow(count: number, next: number, breaks: number): void {
    const { at: begin, line } = this
    this.at = next
    this.line += breaks + 1
    const first = this.text.charCodeAt(begin)
    // a blank line means something only in a file of one column (as in PostgreSQL's COPY)
    if (count === 1 && this.width !== 1 && (first === LF || first === CR)) return
    if (this.width === 0) this.width = count
    if (count === this.width) this.add(this.make(this.fields, count), line + 1)
    else this.malformed('CSV_FIELD_COUNT', countMessage(count, this.width), begin, line + 1)
  }

  private misplaced(at: number, field: number, breaks: number): boolean {
    let lineEnd = at
    while (lineEnd < this.text.length && ![LF, CR].includes(this.text.charCodeAt(lineEnd))) lineEnd++
    const next = this.afterBreak(lineEnd)
    if (next === undefined) return false
    const { at: begin, line } = this
    this.at = next
    this.line += breaks + 1
    const message =
      `text stands after the quote that closes field ${String(field)}; ` +
      'double a quote that belongs to the value, or set `quote` to the sign that the file uses'
    this.malformed('CSV_QUOTE_INVALID', message, begin, line + 1)
    return true
  }

  private neverClosed(field: number): boolean {
    const { at: begin, line } = this
    this.at = this.text.length
    this.line += lineBreaks(this.text.slice(begin)) + 1
    const message = `the quote that opens field ${String(field)} is never closed, so the rest of the file is part of this row`
    this.malformed('CSV_QUOTE_NOT_CLOSED', message, begin, line + 1)
    this.truncated = `${this.file} ends inside the quoted field that begins on line ${String(line + 1)}`
    return true
  }

  private malformed(code: RowCode, message: string, begin: number, line: number): void {
    const place = `${this.file} line ${String(line)}`
    const raw = this.text.slice(begin, Math.min(this.at, begin + 4096)).replace(/[\r\n]+$/, '')
    this.add(new MalformedRow(new Rejection(code, `${place}: ${message}`), place, raw), line)
  }

  private add(row: Row | MalformedRow, line: number): void {
    this.rows.push(row)
    this.placed.add(line)
  }
}

type RowCode = 'CSV_FIELD_COUNT' | 'CSV_QUOTE_INVALID' | 'CSV_QUOTE_NOT_CLOSED'

function countMessage(found: number, expected: number): string {
  const fields = `${String(found)} ${found === 1 ? 'field' : 'fields'} where the header has ${String(expected)}; `
  return fields + (found > expected ? 'quote values that hold the delimiter' : 'add the missing delimiters')
}

function lineBreaks(text: string): number {
  let count = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit === LF || (unit === CR && text.charCodeAt(i + 1) !== LF)) count++
  }
  return count
}

export function tooLong(file: string, line: number): Fault {
  return new Fault(
    'ROW_TOO_LONG',
    `${file} line ${String(line)}: the row does not end within 4 MiB; a quote that opens there is probably never closed`,
    { file, line },
  )
}
