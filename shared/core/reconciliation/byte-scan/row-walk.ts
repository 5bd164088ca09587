import { Kind, mixA, mixB, seedA, seedB } from './lanes'
import { Work, type ByteSigns } from './walk-plan'
import { instantAt, isPlainInstant, printInstant, type Instant } from './instant-bytes'
import { Scratch, viewOf, type Bytes } from './bytes'

/** What a row turned out to be. */
export type RowState =
  /** Its fields stand in the slots. */
  | 'plain'
  /** A value has to be looked at as a record has it. */
  | 'odd'
  /** Not a record. */
  | 'malformed'
  /** Nothing: an empty line. */
  | 'blank'

const LF = 10
const CR = 13
const ZERO = 48
const APOSTROPHE = 39
const MOST_DIGITS = 15

/**
 * Walks over the bytes of CSV rows by the rules of `format/csv-split.ts`, and leaves in its slots what the fields of the
 * comparison are: where their bytes are, their lanes, their numbers. One instance serves every row of a side: a row
 * costs no garbage.
 */
export class RowWalk implements Bytes {
  bytes = new Uint8Array(0)
  view = viewOf(this.bytes)
  /** Bytes that are filled. After them come a line end, which stops every loop, and room to read a word. */
  end = 0
  /** Whether nothing comes after `end`. */
  last = false
  state: RowState = 'plain'
  /** All bytes of the rows together, in words: the highest bit of each byte tells whether they are more than ASCII. */
  all = 0
  /** Line breaks inside the quoted fields of the row. */
  breaks = 0

  readonly from: Int32Array
  readonly to: Int32Array
  readonly kind: Uint8Array
  readonly a: Int32Array
  readonly b: Int32Array
  /** Number in a measure: its digits as an integer, and how many are after the point; NaN where there is none. */
  readonly digits: Float64Array
  readonly scale: Uint8Array

  private readonly seedsA: Int32Array
  private readonly seedsB: Int32Array
  /** By column: its field; columns beyond those of the header and those not compared go to one that nobody asks for. */
  private readonly fields: Int32Array
  private readonly delimiters: number
  private readonly shown = new Scratch(64)
  private readonly instant: Instant = { seconds: 0, fraction: 0, places: 0, shown: false }
  private escapes = false
  private readonly work: Uint8Array

  /**
   * @param fieldOf by column: the number of the field in the comparison, -1 for one that is not in it
   * @param work by field
   */
  constructor(
    private readonly signs: ByteSigns,
    fieldOf: Int32Array,
    work: Uint8Array,
  ) {
    const spare = work.length
    const fields = spare + 1
    this.fields = fieldOf.map((field) => (field < 0 ? spare : field))
    this.work = new Uint8Array(fields)
    this.work.set(work)
    this.delimiters = Math.imul(signs.delimiter, 0x01010101)
    this.from = new Int32Array(fields)
    this.to = new Int32Array(fields)
    this.kind = new Uint8Array(fields)
    this.a = new Int32Array(fields)
    this.b = new Int32Array(fields)
    this.digits = new Float64Array(fields).fill(NaN)
    this.scale = new Uint8Array(fields)
    this.seedsA = Int32Array.from(this.work, (_, field) => seedA(field))
    this.seedsB = Int32Array.from(this.work, (_, field) => seedB(field))
    // a field that the file has no column for stays absent
    for (let field = 0; field < fields; field++) this.nothing(field, Kind.absent)
  }

  load(bytes: Uint8Array<ArrayBuffer>, end: number): void {
    if (bytes !== this.bytes) this.view = viewOf(bytes)
    this.bytes = bytes
    this.end = end
  }

  /** @returns where the next row begins; -1 when this one does not end in these bytes */
  row(at: number): number {
    const { bytes, end, fields, signs } = this
    const { delimiter, quote } = signs
    const width = fields.length
    const spare = this.work.length - 1
    this.state = 'plain'
    this.breaks = 0
    let i = at
    for (let column = 0; ; column++) {
      const field = column < width ? (fields[column] ?? 0) : spare
      if (bytes[i] === quote) {
        const close = this.closingQuote(i + 1)
        if (close < 0) return this.last ? this.malformed(end) : -1
        const from = i + 1
        i = close + 1
        if (i >= end && !this.last) return -1
        const sign = bytes[i]
        if (i < end && sign !== delimiter && sign !== LF && sign !== CR) return this.misplaced(i)
        if (this.escapes) this.escaped(field)
        else this.field(field, from, close)
      } else if (((this.work[field] ?? 0) & Work.number) !== 0) i = this.unquotedNumber(field, i)
      else i = this.unquoted(field, i)
      if (bytes[i] === delimiter) {
        i++
        continue
      }
      const next = this.afterBreak(i)
      if (next < 0) return -1
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

  /** What is escaped in a field that nobody compares does not matter. */
  private escaped(field: number): void {
    if (field < this.work.length - 1) this.state = 'odd'
  }

  /** @returns where the field ends */
  private unquoted(field: number, from: number): number {
    const to = this.scan(field, from)
    const work = this.work[field] ?? 0
    if (from === to || this.signs.nullText) this.sparse(field, from, to)
    else if (work !== 0 || this.signs.unescape) this.field(field, from, to)
    return to
  }

  /** @returns where the field ends */
  private unquotedNumber(field: number, from: number): number {
    const { bytes } = this
    const { delimiter, nullText } = this.signs
    const digits = this.digitsAt(field, from, this.end)
    let to = digits < 0 ? from : digits
    const sign = bytes[to]
    if (to > from && (sign === delimiter || sign === LF || sign === CR) && !nullText) {
      this.from[field] = from
      this.to[field] = to
      this.numeric(field, from, to)
    } else {
      to = this.scan(field, from)
      this.sparse(field, from, to)
    }
    return to
  }

  /** A field that may hold nothing. */
  private sparse(field: number, from: number, to: number): void {
    const { signs } = this
    if (from === to && signs.empty !== Kind.text) this.nothing(field, signs.empty)
    else if (from < to && signs.nullText && this.isText(signs.nullText, from, to))
      this.nothing(field, Kind.null)
    else this.field(field, from, to)
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
    const sign = this.bytes[to]
    if (sign !== this.signs.delimiter && sign !== LF && sign !== CR) return this.scanOn(field, from, to)
    this.all |= all | word
    this.from[field] = from
    this.to[field] = to
    this.kind[field] = Kind.text
    const close = ((to - from) << 3) | Kind.text
    this.a[field] = mixA(mixA(a, word), close)
    this.b[field] = mixB(mixB(b, word), close)
    return to
  }

  /** A field with a control character in it, byte by byte. */
  private scanOn(field: number, from: number, at: number): number {
    const { bytes } = this
    const { delimiter } = this.signs
    let to = at
    while (bytes[to] !== delimiter && bytes[to] !== LF && bytes[to] !== CR) to++
    for (let i = from; i < to; i++) this.all |= bytes[i] ?? 0
    this.from[field] = from
    this.to[field] = to
    this.text(field, this, from, to, Kind.text)
    return to
  }

  private isText(text: Uint8Array, from: number, to: number): boolean {
    const { bytes } = this
    if (to - from !== text.length) return false
    for (let i = 0; i < text.length; i++) if (bytes[from + i] !== text[i]) return false
    return true
  }

  nothing(field: number, kind: Kind): void {
    this.from[field] = 0
    this.to[field] = 0
    this.digits[field] = NaN
    this.put(field, kind, 0, 0)
  }

  private field(field: number, from: number, to: number): void {
    const work = this.work[field] ?? 0
    this.from[field] = from
    this.to[field] = to
    if (this.signs.unescape && this.bytes[from] === APOSTROPHE && from < to) this.state = 'odd'
    if ((work & Work.number) !== 0) {
      if (this.digitsAt(field, from, to) === to) this.numeric(field, from, to)
      else this.state = 'odd'
    } else if ((work & Work.boolean) !== 0) this.boolean(field, from, to)
    else {
      if ((work & Work.measure) !== 0) this.numberInText(field, from, to)
      this.textValue(field, this, from, to)
    }
  }

  /** Lanes and kind of a text; the same for all spellings of an instant, where the schema expects one. */
  textValue(field: number, source: Bytes, from: number, to: number): void {
    const { instant, shown } = this
    const { bytes } = source
    if (((this.work[field] ?? 0) & Work.instant) === 0 || isPlainInstant(bytes, from, to))
      this.text(field, source, from, to, Kind.text)
    else if (instantAt(bytes, from, to, instant))
      this.text(field, shown, 0, printInstant(instant, bytes, from, shown.bytes), Kind.text)
    else this.text(field, source, from, to, Kind.text)
  }

  /** Lanes and kind of a number in plain notation. */
  numberValue(field: number, source: Bytes, to: number): void {
    if (this.digitsAt(field, 0, to, source.bytes) === to) this.putNumber(field)
    else this.text(field, source, 0, to, Kind.number)
  }

  /** Lanes and kind of a field by its bytes. */
  private text(field: number, { view }: Bytes, from: number, to: number, kind: Kind): void {
    let a = this.seedsA[field] ?? 0
    let b = this.seedsB[field] ?? 0
    let i = from
    for (const last = to - 3; i < last; i += 4) {
      const word = view.getInt32(i, true)
      a = mixA(a, word)
      b = mixB(b, word)
    }
    const word = i < to ? view.getInt32(i, true) & ((1 << ((to - i) << 3)) - 1) : 0
    this.kind[field] = kind
    const close = ((to - from) << 3) | kind
    this.a[field] = mixA(mixA(a, word), close)
    this.b[field] = mixB(mixB(b, word), close)
  }

  /** After `digitsAt` took all of it. */
  private numeric(field: number, from: number, to: number): void {
    // a fraction stays a text where an integer is expected; as a measure it is a number all the same
    if (((this.work[field] ?? 0) & Work.integer) !== 0 && (this.scale[field] ?? 0) > 0)
      this.text(field, this, from, to, Kind.text)
    else this.putNumber(field)
  }

  private putNumber(field: number): void {
    const digits = this.digits[field] ?? 0
    const size = digits < 0 ? -digits : digits
    const sign = digits < 0 ? 1 : 0
    const high = (size / 4294967296) | 0
    this.put(field, Kind.number, size | 0, (high << 5) | ((this.scale[field] ?? 0) << 1) | sign)
  }

  private numberInText(field: number, from: number, to: number): void {
    if (this.digitsAt(field, from, to) === to) return
    this.digits[field] = NaN
    const sign = this.bytes[from] ?? 0
    // + - . 0-9 may begin a number that is written in another way
    if (from < to && sign >= 43 && sign <= 57) this.state = 'odd'
  }

  /**
   * Whole digits with at most one point, as `exactNumber` takes them for sure: sets digits and scale, without zeros at
   * the end of the decimals. Whatever else may be a number is odd.
   *
   * @returns where they end; -1 where none begins
   */
  private digitsAt(field: number, from: number, end: number, bytes: Uint8Array = this.bytes): number {
    const negative = bytes[from] === 45
    let i = negative ? from + 1 : from
    const first = i
    let value = 0
    let point = -1
    for (; i < end; i++) {
      const digit = (bytes[i] ?? 0) - ZERO
      if (digit >= 0 && digit <= 9) value = value * 10 + digit
      else if (digit === -2 && point < 0 && i > first) point = i
      else break
    }
    const count = i - first - (point < 0 ? 0 : 1)
    if (count === 0 || count > MOST_DIGITS || point === i - 1) return -1
    let scale = point < 0 ? 0 : i - point - 1
    while (scale > 0 && value % 10 === 0) {
      value /= 10
      scale--
    }
    this.digits[field] = negative ? -value : value
    this.scale[field] = scale
    return i
  }

  private boolean(field: number, from: number, to: number): void {
    const sign = this.bytes[from]
    const isTrue = to - from === 1 && sign === ZERO + 1
    const isFalse = to - from === 1 && sign === ZERO
    this.digits[field] = NaN
    if (isTrue || isFalse) this.put(field, Kind.boolean, isTrue ? 1 : 0, 0)
    else this.state = 'odd'
  }

  /** Lanes and kind of a field by a word and up to 29 bits more. */
  put(field: number, kind: Kind, word: number, more: number): void {
    const close = (more << 3) | kind
    this.kind[field] = kind
    this.a[field] = mixA(mixA(this.seedsA[field] ?? 0, word), close)
    this.b[field] = mixB(mixB(this.seedsB[field] ?? 0, word), close)
  }
}

/** The highest bit of each byte that is a delimiter or below 14, as line ends are; sure up to the first of them. */
function marksIn(word: number, delimiters: number): number {
  const other = word ^ delimiters
  return (((other - 0x01010101) & ~other) | ((word - 0x0e0e0e0e) & ~word)) & -0x7f7f7f80
}
