import type { UploadFormat } from './format'

/**
 * How many records a file has, from its text as it passes: what limits count. It looks only at the signs that separate
 * records, so a file that is not valid may be counted a little wrong.
 */
export interface RowCount {
  push(text: string): void
  /** At the end of the text. */
  total(): number
}

export function rowCountOf(format: UploadFormat): RowCount {
  switch (format) {
    case 'csv':
      return new LineCount('"', 1)
    case 'ndjson':
      return new LineCount('', 0)
    case 'json':
      return new ObjectCount()
    case 'xml':
      return new ElementCount()
  }
}

const LF = 10
const CR = 13

/** Lines with something in them; line breaks inside quotes do not count. */
class LineCount implements RowCount {
  private lines = 0
  private filled = false
  private quoted = false
  private readonly quote: number

  constructor(
    quote: string,
    private readonly headers: number,
  ) {
    this.quote = quote === '' ? -1 : quote.charCodeAt(0)
  }

  push(text: string): void {
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i)
      if (unit === this.quote) this.quoted = !this.quoted
      else if (unit !== LF && unit !== CR) this.filled = true
      else if (!this.quoted) this.endLine()
    }
  }

  total(): number {
    this.endLine()
    return Math.max(0, this.lines - this.headers)
  }

  private endLine(): void {
    if (this.filled) this.lines++
    this.filled = false
  }
}

/** Objects of the outermost list, or the one object. */
class ObjectCount implements RowCount {
  private depth = 0
  private objects = 0
  private list = false
  private inText = false
  private escaped = false

  push(text: string): void {
    for (let i = 0; i < text.length; i++) {
      const sign = text.charAt(i)
      if (this.inText) {
        if (this.escaped) this.escaped = false
        else if (sign === '\\') this.escaped = true
        else if (sign === '"') this.inText = false
      } else if (sign === '"') this.inText = true
      else if (sign === '{' || sign === '[') this.open(sign)
      else if (sign === '}' || sign === ']') this.depth--
    }
  }

  total(): number {
    return this.objects
  }

  private open(sign: string): void {
    if (this.depth === 0 && sign === '[') this.list = true
    if (sign === '{' && this.depth === (this.list ? 1 : 0)) this.objects++
    this.depth++
  }
}

const MAX_TAG = 64 * 1024

/** Elements right below the root. */
class ElementCount implements RowCount {
  private depth = 0
  private elements = 0
  private rest = ''

  push(text: string): void {
    const all = this.rest + text
    const end = all.lastIndexOf('>') + 1
    // no tag is that long: what is none is not kept
    this.rest = all.length - end > MAX_TAG ? '' : all.slice(end)
    for (const [, close, , self] of all.slice(0, end).matchAll(/<(\/?)([^\s<>!?/][^<>]*?)(\/?)>/g)) {
      if (close === '/') this.depth--
      else {
        if (this.depth === 1) this.elements++
        if (self !== '/') this.depth++
      }
    }
  }

  total(): number {
    return this.elements
  }
}
