import { viewOf, Scratch, type Bytes } from './bytes'
import { instantAt, isPlainInstant, printInstant, type Instant } from './instant-bytes'
import { Kind, mixA, mixB, seedA, seedB } from './lanes'
import { Work } from './walk-plan'

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

const ZERO = 48
const MINUS = 45
const MOST_DIGITS = 15
const POWERS = Array.from({ length: MOST_DIGITS + 1 }, (_, power) => 10 ** power)

/**
 * What the fields of a row are, by the numbers of the comparison: where their bytes stand, their kinds, lanes and numbers.
 * The same slots serve every row of a side: a row costs no garbage.
 */
export class RowSlots implements Bytes {
  bytes = new Uint8Array(0)
  view = viewOf(this.bytes)
  state: RowState = 'plain'

  readonly from: Int32Array
  readonly to: Int32Array
  readonly kind: Uint8Array
  readonly a: Int32Array
  readonly b: Int32Array
  /** Number in a measure: its digits as an integer, and how many are after the point; NaN where there is none. */
  readonly digits: Float64Array
  readonly scale: Uint8Array

  protected readonly seedsA: Int32Array
  protected readonly seedsB: Int32Array
  private readonly shown = new Scratch(64)
  private readonly instant: Instant = { seconds: 0, fraction: 0, places: 0, shown: false }

  /** @param work by field */
  constructor(protected readonly work: Uint8Array) {
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

  nothing(field: number, kind: Kind): void {
    this.from[field] = 0
    this.to[field] = 0
    this.digits[field] = NaN
    this.put(field, kind, 0, 0)
  }

  /** Lanes and kind of a text; the same for all spellings of an instant, where the schema expects one. */
  textValue(field: number, source: Bytes, from: number, to: number): void {
    this.text(field, source, from, to, Kind.text)
    if (((this.work[field] ?? 0) & Work.instant) !== 0) this.instantAlike(field, source.bytes, from, to)
  }

  /** Lanes and kind of a number in plain notation. */
  numberValue(field: number, source: Bytes, to: number): void {
    if (this.digitsAt(field, 0, to, source.bytes) === to) this.putNumber(field)
    else this.text(field, source, 0, to, Kind.number)
  }

  /** Lanes and kind of a field by a word and up to 29 bits more. */
  put(field: number, kind: Kind, word: number, more: number): void {
    this.kind[field] = kind
    this.close(field, this.seedsA[field] ?? 0, this.seedsB[field] ?? 0, word, (more << 3) | kind)
  }

  /** What the schema makes of a field that was taken for a text. */
  protected convert(field: number, from: number, to: number): void {
    const work = this.work[field] ?? 0
    if ((work & Work.number) !== 0) {
      if (this.digitsAt(field, from, to) === to) this.numeric(field, from, to)
      else this.state = 'odd'
    } else if ((work & Work.boolean) !== 0) this.boolean(field, from, to)
    else {
      if ((work & Work.measure) !== 0) this.numberInText(field, from, to)
      if ((work & Work.instant) !== 0) this.instantAlike(field, this.bytes, from, to)
    }
  }

  /** Lanes and kind of a field by its bytes. */
  protected text(field: number, { view }: Bytes, from: number, to: number, kind: Kind): void {
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
    this.close(field, a, b, word, ((to - from) << 3) | kind)
  }

  /** Ends the lanes of a field with its last bytes, its size and its kind. */
  protected close(field: number, a: number, b: number, word: number, end: number): void {
    this.a[field] = mixA(mixA(a, word), end)
    this.b[field] = mixB(mixB(b, word), end)
  }

  /** After `digitsAt` took all of it. */
  protected numeric(field: number, from: number, to: number): void {
    // a fraction stays a text where an integer is expected; as a measure it is a number all the same
    if (((this.work[field] ?? 0) & Work.integer) !== 0 && (this.scale[field] ?? 0) > 0)
      this.text(field, this, from, to, Kind.text)
    else this.putNumber(field)
  }

  /**
   * Whole digits with at most one point, as `exactNumber` takes them for sure: sets digits and scale, without zeros at
   * the end of the decimals. Whatever else may be a number is odd.
   *
   * @returns where they end; -1 where none begins
   */
  protected digitsAt(field: number, from: number, end: number, bytes: Uint8Array = this.bytes): number {
    const negative = bytes[from] === MINUS
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
    const decimals = point < 0 ? 0 : i - point - 1
    let zeros = 0
    while (zeros < decimals && bytes[i - zeros - 1] === ZERO) zeros++
    if (zeros > 0) value /= POWERS[zeros] ?? NaN
    this.digits[field] = negative ? -value : value
    this.scale[field] = decimals - zeros
    return i
  }

  private instantAlike(field: number, bytes: Uint8Array, from: number, to: number): void {
    const { instant, shown } = this
    if (isPlainInstant(bytes, from, to) || !instantAt(bytes, from, to, instant)) return
    this.text(field, shown, 0, printInstant(instant, bytes, from, shown.bytes), Kind.text)
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

  private boolean(field: number, from: number, to: number): void {
    const sign = this.bytes[from]
    const isTrue = to - from === 1 && sign === ZERO + 1
    const isFalse = to - from === 1 && sign === ZERO
    this.digits[field] = NaN
    if (isTrue || isFalse) this.put(field, Kind.boolean, isTrue ? 1 : 0, 0)
    else this.state = 'odd'
  }
}
