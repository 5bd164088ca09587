/** TC39 JSON.parse source text access, in Node 22 and later; TypeScript's library does not know it yet. */
declare global {
  interface JSON {
    /** JSON text that is printed as it stands. */
    rawJSON: (text: string) => unknown
  }
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/

/**
 * A number that keeps its digits: an integer beyond 2^53 or a decimal of any length. Numbers that a
 * double holds exactly stay plain numbers; the two compare equal by value (`record/compare.ts`).
 */
export class Decimal {
  private constructor(readonly text: string) {}

  /** @returns undefined when the text is not a decimal number in plain or exponent notation */
  static parse(text: string): Decimal | undefined {
    return NUMBER.test(text) ? new Decimal(plain(text)) : undefined
  }

  /** For connectors whose driver already guarantees a number, such as PostgreSQL's numeric. */
  static ofDigits(text: string): Decimal {
    return new Decimal(text)
  }

  /** The shortest text of the same value: no leading plus, no trailing zeros, no exponent. */
  canonical(): string {
    return canonicalDigits(this.text)
  }

  toString(): string {
    return this.text
  }

  toJSON(): unknown {
    return JSON.rawJSON(this.text)
  }
}

/** A plain number where a double holds all the digits, else a Decimal. */
export function exactNumber(text: string): number | Decimal | undefined {
  if (isShortDecimal(text)) return Number(text)
  if (!NUMBER.test(text)) return undefined
  const number = Number(text)
  if (Number.isFinite(number) && canonicalDigits(plain(text)) === canonicalDigits(plain(String(number))))
    return number
  return Decimal.ofDigits(plain(text))
}

/** Up to 15 digits with at most one point between them: a double holds those exactly (IEEE 754, DBL_DIG). */
function isShortDecimal(text: string): boolean {
  const { length } = text
  if (length === 0 || length > 16) return false
  let digits = 0
  let points = 0
  for (let i = text.charCodeAt(0) === 45 ? 1 : 0; i < length; i++) {
    const code = text.charCodeAt(i)
    if (code >= 48 && code <= 57) digits++
    else if (code === 46 && digits > 0 && i < length - 1) points++
    else return false
  }
  return digits > 0 && digits <= 15 && points <= 1
}

/** Writes a double in full, without an exponent. */
export function plainNumber(number: number): string {
  const size = Math.abs(number)
  const text = String(number)
  // outside of these bounds JavaScript writes an exponent
  return (size >= 1e-6 && size < 1e21) || size === 0 ? text : plain(text)
}

function plain(text: string): string {
  let digits = text.startsWith('+') ? text.slice(1) : text
  const at = digits.search(/[eE]/)
  if (at >= 0) digits = shift(digits.slice(0, at), Number(digits.slice(at + 1)))
  const sign = digits.startsWith('-') ? '-' : ''
  let body = sign ? digits.slice(1) : digits
  if (body.startsWith('.')) body = '0' + body
  if (body.endsWith('.')) body = body.slice(0, -1)
  body = body.replace(/^0+(?=\d)/, '')
  return sign + body
}

/** Moves the decimal point; an exponent beyond 10,000 digits is not business data and stays as text. */
function shift(text: string, by: number): string {
  if (Math.abs(by) > 10_000) return text + 'e' + String(by)
  const sign = text.startsWith('-') ? '-' : ''
  const body = sign ? text.slice(1) : text
  const [whole = '', fraction = ''] = body.split('.')
  const digits = whole + fraction
  const point = whole.length + by
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  if (point >= digits.length) return sign + digits + '0'.repeat(point - digits.length)
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`
}

function canonicalDigits(text: string): string {
  const cut = text.includes('.') ? text.replace(/\.?0+$/, '') : text
  return cut === '-0' || cut === '' || cut === '-' ? '0' : cut
}
