import { viewOf } from './bytes'
import { Kind, mixA, mixB } from './lanes'
import { RowSlots } from './row-slots'
import { Work, type ByteSigns } from './walk-plan'

const LF = 10
const CR = 13
const APOSTROPHE = 39

/**
 * Walks over the bytes of CSV rows by the rules of `format/csv-split.ts`, and leaves in its slots what the fields of the
 * comparison are.
 */
export class RowWalk extends RowSlots {
  /** Bytes that are filled. After them come a line end, which stops every loop, and room to read a word. */
  end = 0
  /** Whether nothing comes after `end`. */
  last = true
  /** All bytes of the rows together, in words: the highest bit of each byte tells whether they are more than ASCII. */
  all = 0
  /** Line breaks inside the quoted fields of the row. */
  breaks = 0

  /** By column: its field; columns beyond those of the header and those not compared go to one that nobody asks for. */
  private readonly fields: Int32Array
  private readonly spare: number
  private readonly delimiters: number
  private escapes = false

  /**
   * @param fieldOf by column: the number of the field in the comparison, -1 for one that is not in it
   * @param work by field
   */
  constructor(
    private readonly signs: ByteSigns,
    fieldOf: Int32Array,
    work: Uint8Array,
  ) {
    super(Uint8Array.from([...work, 0]))
    this.spare = work.length
    this.fields = fieldOf.map((field) => (field < 0 ? this.spare : field))
    this.delimiters = Math.imul(signs.delimiter, 0x01010101)
  }

  load(bytes: Uint8Array<ArrayBuffer>, end: number, last: boolean): void {
    if (bytes !== this.bytes) this.view = viewOf(bytes)
    this.bytes = bytes
    this.end = end
    this.last = last
  }

  /** @returns where the next row begins; -1 when this one does not end in these bytes */
  row(at: number): number {
    const { bytes, fields, work, spare } = this
    const { delimiter, quote } = this.signs
    const width = fields.length
    this.state = 'plain'
    this.breaks = 0
    let i = at
    for (let column = 0; ; column++) {
      const field = column < width ? (fields[column] ?? 0) : spare
      if (bytes[i] === quote) {
        i = this.quoted(field, i + 1)
        if (i < 0) return this.last ? this.malformed(this.end) : -1
      } else if (((work[field] ?? 0) & Work.number) !== 0) i = this.unquotedNumber(field, i)
      else i = this.unquoted(field, i)
      const sign = bytes[i]
      if (sign === delimiter) {
        i++
        continue
      }
      if (sign !== LF && sign !== CR) return this.misplaced(i)
      const next = this.afterBreak(i)
      if (column + 1 !== width) this.state = 'malformed'
      if (column === 0 && width !== 1 && i === at) this.state = 'blank'
      return next
    }
  }

  /** Where the next row begins after a line end or the end; -1 when these bytes cannot tell. */
  private afterBreak(at: number): number {
    const { bytes, end, last } = this
    if (at >= end) return last ? end : -1
    if (bytes[at] !== CR) return at + 1
    if (at + 1 === end) return last ? end : -1
    return bytes[at + 1] === LF ? at + 2 : at + 1
  }

  private malformed(next: number): number {
    this.state = 'malformed'
    this.all |= 0x80
    return next
  }

  /** Text after a closing quote: the row ends at the next line end, whatever quotes are in between. */
  private misplaced(from: number): number {
    const { bytes, end } = this
    let i = from
    while (i < end && bytes[i] !== LF && bytes[i] !== CR) i++
    const next = this.afterBreak(i)
    return next < 0 ? -1 : this.malformed(next)
  }

  /** @returns where the field ends, after its closing quote; -1 when that is not in these bytes */
  private quoted(field: number, from: number): number {
    const close = this.closingQuote(from)
    if (close < 0) return -1
    if (!this.escapes) this.field(field, from, close)
    // what is escaped in a field that nobody compares does not matter
    else if (field !== this.spare) this.state = 'odd'
    return close + 1
  }

  /** -1 when it is not in these bytes, or when what comes after it is not. */
  private closingQuote(from: number): number {
    const { bytes, end, last } = this
    const { quote, escape } = this.signs
    this.escapes = false
    for (let i = from; i < end; i++) {
      const sign = bytes[i] ?? 0
      this.all |= sign
      if (sign === escape && escape !== quote) {
        this.escapes = true
        i++
      } else if (sign === quote) {
        if (escape !== quote) return i
        if (i + 1 >= end) return last ? i : -1
        if (bytes[i + 1] !== quote) return i
        this.escapes = true
        i++
      } else if (sign === LF || (sign === CR && bytes[i + 1] !== LF)) this.breaks++
    }
    return -1
  }

  /** @returns where the field ends */
  private unquoted(field: number, from: number): number {
    const to = this.scan(field, from)
    if (from === to || this.signs.nullText) this.sparse(field, from, to)
    else if ((this.work[field] ?? 0) !== 0 || this.signs.unescape) this.scanned(field, from, to)
    return to
  }

  /** @returns where the field ends */
  private unquotedNumber(field: number, from: number): number {
    const digits = this.digitsAt(field, from, this.end)
    if (digits >= 0 && this.endsAt(digits) && !this.signs.nullText) {
      this.from[field] = from
      this.to[field] = digits
      this.numeric(field, from, digits)
      return digits
    }
    const to = this.scan(field, from)
    this.sparse(field, from, to)
    return to
  }

  /** A field that may hold nothing. */
  private sparse(field: number, from: number, to: number): void {
    const { signs } = this
    if (from === to && signs.empty !== Kind.text) this.nothing(field, signs.empty)
    else if (from < to && signs.nullText && this.isText(signs.nullText, from, to))
      this.nothing(field, Kind.null)
    else this.scanned(field, from, to)
  }

  /** Finds the end of a field, four bytes at a time, and takes it for a text. */
  private scan(field: number, from: number): number {
    const { view, delimiters } = this
    let a = this.seedsA[field] ?? 0
    let b = this.seedsB[field] ?? 0
    let all = 0
    let to = from
    let word = view.getInt32(to, true)
    let marks = marksIn(word, delimiters)
    while (marks === 0) {
      a = mixA(a, word)
      b = mixB(b, word)
      all |= word
      to += 4
      word = view.getInt32(to, true)
      marks = marksIn(word, delimiters)
    }
    const first = marks & -marks
    word &= (first >>> 7) - 1
    to += (31 - Math.clz32(first)) >> 3
    if (!this.endsAt(to)) return this.scanOn(field, from, to)
    this.all |= all | word
    this.from[field] = from
    this.to[field] = to
    this.kind[field] = Kind.text
    this.close(field, a, b, word, ((to - from) << 3) | Kind.text)
    return to
  }

  /** A field with a control character in it, byte by byte. */
  private scanOn(field: number, from: number, at: number): number {
    let to = at
    while (!this.endsAt(to)) to++
    for (let i = from; i < to; i++) this.all |= this.bytes[i] ?? 0
    this.from[field] = from
    this.to[field] = to
    this.text(field, this, from, to, Kind.text)
    return to
  }

  /** Whether a field that is not quoted ends before this byte. */
  private endsAt(at: number): boolean {
    const sign = this.bytes[at]
    return sign === this.signs.delimiter || sign === LF || sign === CR
  }

  private isText(text: Uint8Array, from: number, to: number): boolean {
    const { bytes } = this
    if (to - from !== text.length) return false
    for (let i = 0; i < text.length; i++) if (bytes[from + i] !== text[i]) return false
    return true
  }

  private field(field: number, from: number, to: number): void {
    this.from[field] = from
    this.to[field] = to
    this.text(field, this, from, to, Kind.text)
    this.scanned(field, from, to)
  }

  /** A field of which slots and lanes say that it is a text. */
  private scanned(field: number, from: number, to: number): void {
    if (this.signs.unescape && this.bytes[from] === APOSTROPHE && from < to) this.state = 'odd'
    this.convert(field, from, to)
  }
}

/** The highest bit of each byte that is a delimiter or below 14, as line ends are; sure up to the first of them. */
function marksIn(word: number, delimiters: number): number {
  const other = word ^ delimiters
  return (((other - 0x01010101) & ~other) | ((word - 0x0e0e0e0e) & ~word)) & -0x7f7f7f80
}
