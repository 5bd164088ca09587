import { Fault } from '../../shared/core/fault'

const TAB = 9
const NEWLINE = 10
const MINUS = 45
const POINT = 46
const ZERO = 48
const BACKSLASH = 92
/** Of the texts that `number` makes: -21474836.47. */
const LONGEST = 12
const SPECIAL = /[\\\t\n\r]/g
/** Short texts are cheaper to copy character by character than by a call into the runtime. */
const SHORT = 64

/**
 * Rows in the text format of COPY (PostgreSQL manual, COPY, "Text Format"): tabs between values, `\N` for null,
 * backslash before backslash, tab, line feed and carriage return.
 */
export class CopyBuffer {
  private bytes: Buffer
  private at = 0

  constructor(size: number) {
    this.bytes = Buffer.allocUnsafe(size)
  }

  /** What was added since the last call. It holds until the next value is added. */
  take(): Buffer {
    const filled = this.bytes.subarray(0, this.at)
    this.at = 0
    return filled
  }

  null(): void {
    this.reserve(3)
    this.bytes[this.at++] = BACKSLASH
    this.bytes[this.at++] = 78
    this.bytes[this.at++] = TAB
  }

  /**
   * One value of the row.
   * @throws Fault DATABASE_VALUE_REFUSED for a NUL character, which PostgreSQL stores in no text
   */
  value(text: string, column: string): void {
    const length = text.length
    this.reserve(length + 1)
    if (length > SHORT) {
      this.escaped(text, column)
      return
    }
    const { bytes } = this
    let at = this.at
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i)
      if (code > 126 || code === BACKSLASH || code < 14) {
        this.escaped(text, column)
        return
      }
      bytes[at++] = code
    }
    bytes[at++] = TAB
    this.at = at
  }

  /**
   * A number with at most two decimals and up to 21 million, as most are: digit by digit, which spares making a text.
   * @returns false for any other, which is not added
   */
  number(value: number): boolean {
    const hundredths = Math.round(value * 100) | 0
    if (hundredths / 100 !== value) return false
    this.reserve(LONGEST + 1)
    let rest = Math.abs(hundredths)
    let point = 2
    while (point > 0 && rest % 10 === 0) {
      rest = (rest / 10) | 0
      point--
    }
    if (hundredths < 0) this.bytes[this.at++] = MINUS
    let end = this.at + digitsIn(rest, point + 1) + (point > 0 ? 1 : 0)
    const next = end
    for (; end > this.at; point--) {
      if (point === 0 && end < next) this.bytes[--end] = POINT
      this.bytes[--end] = ZERO + (rest % 10)
      rest = (rest / 10) | 0
    }
    this.bytes[next] = TAB
    this.at = next + 1
    return true
  }

  endRow(): void {
    this.bytes[this.at - 1] = NEWLINE
  }

  private escaped(text: string, column: string): void {
    if (text.includes('\0')) {
      const detail = `Column ${column} cannot store a text with a NUL character: remove it in the mapping.`
      throw new Fault('DATABASE_VALUE_REFUSED', detail, { column })
    }
    const safe = text.replace(SPECIAL, escape)
    // UTF-8 needs at most three bytes for each UTF-16 unit
    this.reserve(safe.length * 3 + 1)
    this.at += this.bytes.write(safe, this.at)
    this.bytes[this.at++] = TAB
  }

  private reserve(bytes: number): void {
    if (this.at + bytes <= this.bytes.length) return
    const larger = Buffer.allocUnsafe((this.at + bytes) * 2)
    this.bytes.copy(larger, 0, 0, this.at)
    this.bytes = larger
  }
}

function digitsIn(whole: number, atLeast: number): number {
  let digits = 1
  for (let limit = 10; limit <= whole; limit *= 10) digits++
  return Math.max(digits, atLeast)
}

function escape(special: string): string {
  switch (special) {
    case '\t':
      return '\\t'
    case '\n':
      return '\\n'
    case '\r':
      return '\\r'
    default:
      return '\\\\'
  }
}
