import { textOf, type Scalar } from './value'

// Services repeat what they were sent, in an error text, a page or an address: escaped in many ways, and cut somewhere.

/**
 * A text in which each of the values gives way to a mask, in whatever case it stands there and however it is escaped; so
 * does what is left of one where the text was cut (`…`). Values that are written in another form, such as another order of
 * day and month, are not recognised.
 *
 * @param mask of what stands in the text
 */
export function withoutValues(
  text: string,
  values: readonly Scalar[],
  mask: (written: string) => string,
): string {
  const likely = likelyIn(text, values)
  if (likely.length === 0) return text
  // `\nora` is a line break before `ora`, or `nora` behind a backslash
  const readings = [ESCAPED, NONE].map((escapes) => new Folded(text, escapes))
  const found = readings
    .flatMap((folded) => likely.flatMap((value) => folded.places(value)))
    .sort(([a], [b]) => a - b)
  let [masked, at, until] = ['', 0, 0]
  const put = (): void => {
    masked += mask(text.slice(at, until))
  }
  for (const [start, end] of found) {
    if (start >= until) {
      if (until > at) put()
      masked += text.slice(until, start)
      at = start
    }
    until = Math.max(until, end)
  }
  if (until > at) put()
  return masked + text.slice(until)
}

/** Letters and digits stand as they are however a value is escaped: that spares the search for most values. */
function likelyIn(text: string, values: readonly Scalar[]): Scalar[] {
  const low = text.toLowerCase()
  const isCut = text.includes(CUT)
  return [...new Set(values)].filter((value) => isCut || low.includes(longestWord(textOf(value))))
}

function longestWord(text: string): string {
  const words = text.match(/[a-z0-9]+/gi) ?? ['']
  return words.reduce((longest, word) => (word.length > longest.length ? word : longest)).toLowerCase()
}

type Range = readonly [start: number, end: number]

/** What stands for something else, and what may be written more or less often. */
const ESCAPED =
  /\\+u[0-9a-f]{4}|\\+[nrt]|\\+|(?:%[89a-f][0-9a-f])+|%[0-7][0-9a-f]|&(?:#\d{1,7}|#x[0-9a-f]{1,6}|amp|lt|gt|quot|apos|nbsp);/gi
const NONE = /(?!)/g
const NAMED: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
  '&nbsp;': ' ',
}
const CUT = '…'
/** Letters or digits: less than these stand in many words. */
const SHORT = 4

/**
 * A text with escapes undone, in lower case, with one space for any white space and without backslashes; quotes that were
 * doubled are single. It knows where each of its characters came from.
 */
class Folded {
  private text = ''
  private readonly starts: number[] = []
  private readonly ends: number[] = []

  constructor(
    private readonly written: string,
    private readonly escapes: RegExp,
  ) {
    let plain = 0
    for (const match of written.matchAll(escapes)) {
      const [escape] = match
      this.addPlain(plain, match.index)
      plain = match.index + escape.length
      for (const unit of units(unescaped(escape))) this.add(unit, match.index, plain)
    }
    this.addPlain(plain, written.length)
  }

  /** Where a value stands in what was folded. */
  places(value: Scalar): Range[] {
    const { text, written } = new Folded(textOf(value).trim(), this.escapes)
    if (text === '') return []
    if (text.length < SHORT)
      return this.wholes(text, false).filter((range) => this.standsAlone(range, written))
    const isNumber = typeof value !== 'string'
    const texts = isNumber && text.includes('.') ? [text, text.replace('.', ',')] : [text]
    return [...texts.flatMap((one) => this.wholes(one, isNumber)), ...this.beginnings(text)]
  }

  /** A short value counts only where it stands so by itself: masking every 5 would make 'row 15' unreadable, every A 'a text'. */
  private standsAlone([start, end]: Range, value: string): boolean {
    const around = [this.written[start - 1], this.written[end]]
    const asItIs = value.length > 2 || this.written.slice(start, end) === value
    return asItIs && !around.some(isPartOfWord)
  }

  private wholes(value: string, isNumber: boolean): Range[] {
    const ranges: Range[] = []
    for (let at = this.text.indexOf(value); at >= 0; at = this.text.indexOf(value, at + 1)) {
      let end = at + value.length
      if (isNumber && /[.,]/.test(value)) while (this.text[end] === '0') end++
      ranges.push(this.range(at, end))
    }
    return ranges
  }

  private beginnings(value: string): Range[] {
    const ranges: Range[] = []
    for (let cut = this.text.indexOf(CUT); cut >= 0; cut = this.text.indexOf(CUT, cut + 1)) {
      let length = Math.min(value.length - 1, cut)
      while (length > 0 && !this.text.startsWith(value.slice(0, length), cut - length)) length--
      if (length > 0) ranges.push(this.range(cut - length, cut))
    }
    return ranges
  }

  private range(from: number, to: number): Range {
    return [this.starts[from] ?? 0, this.ends[to - 1] ?? 0]
  }

  private addPlain(from: number, to: number): void {
    for (let at = from; at < to; at++) this.add(this.written.charAt(at), at, at + 1)
  }

  private add(unit: string, start: number, end: number): void {
    const low = unit.toLowerCase()
    const folded = /[\s+]/.test(unit) ? ' ' : low.length === 1 ? low : unit
    const last = this.text.length - 1
    if (REPEATED.includes(folded) && this.text[last] === folded) this.ends[last] = end
    else {
      this.text += folded
      this.starts.push(start)
      this.ends.push(end)
    }
  }
}

const REPEATED = [' ', '"', "'"]

function units(text: string): string[] {
  return Array.from({ length: text.length }, (_, at) => text.charAt(at))
}

function unescaped(written: string): string {
  if (written.startsWith('%')) {
    const bytes = Uint8Array.from(written.slice(1).split('%'), (hex) => Number.parseInt(hex, 16))
    return new TextDecoder().decode(bytes)
  }
  if (written.startsWith('&#')) {
    const code = /x/i.test(written)
      ? Number.parseInt(written.slice(3), 16)
      : Number.parseInt(written.slice(2))
    return code <= 0x10ffff ? String.fromCodePoint(code) : written
  }
  if (written.startsWith('&')) return NAMED[written.toLowerCase()] ?? written
  const escape = written.replace(/^\\+/, '')
  if (escape.length > 1) return String.fromCharCode(Number.parseInt(escape.slice(1), 16))
  return escape === '' ? '' : ' '
}

function isPartOfWord(unit: string | undefined): boolean {
  return unit !== undefined && /[\p{L}\p{N}]/u.test(unit)
}
