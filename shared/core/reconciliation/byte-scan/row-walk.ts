import { Kind, mixA, mixB, seedA, seedB } from './lanes'
import { instantAt, isPlainInstant, printInstant, type Instant } from './instant-bytes'

/** What the walk does with a field beside finding where it stands; bits of `FieldPlan.work`. */
export const Work = { lanes: 1, number: 2, integer: 4, boolean: 8, instant: 16, measure: 32 } as const

/** How a file is written: signs as bytes. */
export interface ByteSigns {
  delimiter: number
  /** -1 where nothing is quoted. */
  quote: number
  escape: number
  /** What nothing between two delimiters means. */
  empty: Kind
  nullText: Uint8Array | undefined
  /** An apostrophe in front may have to go. */
  unescape: boolean
}

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
export class RowWalk {
  bytes = new Uint8Array(0)
  /** Bytes that are filled; one more must be there, for a line end that stops every loop. */
  end = 0
  /** Whether nothing comes after `end`. */
  last = false
  state: RowState = 'plain'
  /** All bytes of the rows together: the highest bit tells whether they are more than ASCII. */
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
  private readonly shown = new Uint8Array(64)
  private readonly instant: Instant = { seconds: 0, fraction: 0, places: 0, shown: false }
  private escapes = false

  /**
   * @param fieldOf by column: the number of the field in the comparison, -1 for one that is not in it
   * @param work by field
   */
  constructor(
    private readonly signs: ByteSigns,
    private readonly fieldOf: Int32Array,
    private readonly work: Uint8Array,
  ) {
    const fields = work.length
    this.from = new Int32Array(fields)
    this.to = new Int32Array(fields)
    this.kind = new Uint8Array(fields)
    this.a = new Int32Array(fields)
    this.b = new Int32Array(fields)
    this.digits = new Float64Array(fields).fill(NaN)
    this.scale = new Uint8Array(fields)
    this.seedsA = Int32Array.from(work, (_, field) => seedA(field))
    this.seedsB = Int32Array.from(work, (_, field) => seedB(field))
    // a field that the file has no column for stays absent
    for (let field = 0; field < fields; field++) this.nothing(field, Kind.absent)
  }

  /** @returns where the next row begins; -1 when this one does not end in these bytes */
  row(at: number): number {
    const { bytes, end, fieldOf, signs } = this
    const { delimiter, quote } = signs
    const stop = delimiter > CR ? delimiter : CR
    const width = fieldOf.length
    let all = 0
    this.state = 'plain'
    this.breaks = 0
    let i = at
    for (let column = 0; ; column++) {
      const field = column < width ? (fieldOf[column] ?? -1) : -1
      if (bytes[i] === quote && i < end) {
        const close = this.closingQuote(i + 1)
        if (close < 0) return this.last ? this.malformed(end) : -1
        const from = i + 1
        i = close + 1
        if (i >= end && !this.last) return -1
        const sign = bytes[i]
        if (i < end && sign !== delimiter && sign !== LF && sign !== CR) return this.misplaced(i)
        if (field >= 0) {
          if (this.escapes) this.state = 'odd'
          else this.field(field, from, close)
        }
      } else {
        const from = i
        for (;;) {
          const sign = bytes[i] ?? LF
          if (sign <= stop && (sign === delimiter || sign === LF || sign === CR)) break
          all |= sign
          i++
        }
        if (field >= 0) this.unquoted(field, from, i)
      }
      if (bytes[i] === delimiter && i < end) {
        i++
        continue
      }
      const next = this.afterBreak(i)
      if (next < 0) return -1
      this.all |= all
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

  private unquoted(field: number, from: number, to: number): void {
    const { signs } = this
    if (from === to) {
      if (signs.empty === Kind.text) this.field(field, from, to)
      else this.nothing(field, signs.empty)
    } else if (signs.nullText && this.isText(signs.nullText, from, to)) this.nothing(field, Kind.null)
    else this.field(field, from, to)
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
    this.put(field, kind, 0, 0, 0)
  }

  private field(field: number, from: number, to: number): void {
    const work = this.work[field] ?? 0
    this.from[field] = from
    this.to[field] = to
    if (this.signs.unescape && this.bytes[from] === APOSTROPHE && from < to) this.state = 'odd'
    if ((work & Work.number) !== 0) this.number(field, from, to, work)
    else if ((work & Work.boolean) !== 0) this.boolean(field, from, to)
    else {
      if ((work & Work.measure) !== 0) this.numberInText(field, from, to)
      if ((work & Work.lanes) !== 0) this.textValue(field, from, to)
      else this.kind[field] = Kind.text
    }
  }

  /** Lanes and kind of a text; the same for all spellings of an instant, where the schema expects one. */
  textValue(field: number, from: number, to: number): void {
    const { instant } = this
    const { bytes } = this
    if (((this.work[field] ?? 0) & Work.instant) === 0 || isPlainInstant(bytes, from, to)) {
      this.text(field, from, to, Kind.text)
    } else if (instantAt(bytes, from, to, instant)) {
      this.bytes = this.shown
      this.text(field, 0, printInstant(instant, bytes, from, this.shown), Kind.text)
      this.bytes = bytes
    } else this.text(field, from, to, Kind.text)
  }

  /** Lanes and kind of a number in plain notation. */
  numberValue(field: number, from: number, to: number): void {
    if (this.parse(field, from, to)) this.putNumber(field)
    else this.text(field, from, to, Kind.number)
  }

  /** Lanes and kind of a field by its bytes. */
  private text(field: number, from: number, to: number, kind: Kind): void {
    const { bytes } = this
    let a = this.seedsA[field] ?? 0
    let b = this.seedsB[field] ?? 0
    let i = from
    for (const last = to - 3; i < last; i += 4) {
      const word =
        (bytes[i] ?? 0) |
        ((bytes[i + 1] ?? 0) << 8) |
        ((bytes[i + 2] ?? 0) << 16) |
        ((bytes[i + 3] ?? 0) << 24)
      a = mixA(a, word)
      b = mixB(b, word)
    }
    let word = 0
    for (; i < to; i++) word = (word << 8) | (bytes[i] ?? 0)
    this.kind[field] = kind
    // a number of too many digits ends in another word than one that fits
    const close = ((to - from) << 3) | kind
    this.a[field] = mixA(mixA(a, word), close)
    this.b[field] = mixB(mixB(b, word), close)
  }

  /** Whole digits with at most one point: as `exactNumber` takes them for sure. Whatever else may be one is odd. */
  private number(field: number, from: number, to: number, work: number): void {
    if (!this.parse(field, from, to)) {
      this.state = 'odd'
      return
    }
    if ((work & Work.integer) !== 0 && (this.scale[field] ?? 0) > 0) {
      // stays a text; as a measure it is a number all the same
      this.text(field, from, to, Kind.text)
    } else this.putNumber(field)
  }

  private putNumber(field: number): void {
    const digits = this.digits[field] ?? 0
    const size = digits < 0 ? -digits : digits
    const sign = digits < 0 ? 1 : 0
    this.put(field, Kind.number, size | 0, (size / 4294967296) | 0, ((this.scale[field] ?? 0) << 1) | sign)
  }

  private numberInText(field: number, from: number, to: number): void {
    if (this.parse(field, from, to)) return
    this.digits[field] = NaN
    const sign = this.bytes[from] ?? 0
    // + - . 0-9 may begin a number that is written in another way
    if (from < to && sign >= 43 && sign <= 57) this.state = 'odd'
  }

  /** Sets digits and scale, without zeros at the end of the decimals. */
  private parse(field: number, from: number, to: number): boolean {
    const { bytes } = this
    const negative = bytes[from] === 45
    let i = negative ? from + 1 : from
    const first = i
    let value = 0
    let point = -1
    for (; i < to; i++) {
      const digit = (bytes[i] ?? 0) - ZERO
      if (digit >= 0 && digit <= 9) value = value * 10 + digit
      else if (digit === -2 && point < 0 && i > first) point = i
      else return false
    }
    const count = i - first - (point < 0 ? 0 : 1)
    if (count === 0 || count > MOST_DIGITS || point === i - 1) return false
    let scale = point < 0 ? 0 : i - point - 1
    while (scale > 0 && value % 10 === 0) {
      value /= 10
      scale--
    }
    this.digits[field] = negative ? -value : value
    this.scale[field] = scale
    return true
  }

  private boolean(field: number, from: number, to: number): void {
    const sign = this.bytes[from]
    const isTrue = to - from === 1 && sign === ZERO + 1
    const isFalse = to - from === 1 && sign === ZERO
    this.digits[field] = NaN
    if (isTrue || isFalse) this.put(field, Kind.boolean, isTrue ? 1 : 0, 0, 0)
    else this.state = 'odd'
  }

  /** Lanes and kind of a field by three words. */
  put(field: number, kind: Kind, one: number, two: number, three: number): void {
    this.kind[field] = kind
    this.a[field] = mixA(mixA(mixA(mixA(this.seedsA[field] ?? 0, one), two), three), kind)
    this.b[field] = mixB(mixB(mixB(mixB(this.seedsB[field] ?? 0, one), two), three), kind)
  }
}
