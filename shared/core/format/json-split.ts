import { Fault } from '../fault'

/** One record is one piece of memory. */
const MAX_RECORD = 16 * 1024 * 1024

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d]

/** `list`: its entries are records. `object`: on the way to the records. */
type Frame = 'list' | 'object'
type Expected = 'value' | 'value or end' | 'name' | 'name or end' | 'colon' | 'comma or end' | 'nothing'

/**
 * Finds the records of one JSON document piece by piece, without parsing them: the entries of the list at `path`, or the
 * object there. What lies beside the path is passed over.
 */
export class JsonSplitter {
  /** Whether something stands at the path. */
  found = false
  /** Names beside the first step of the path that leads nowhere, for the message. */
  readonly seen = new Set<string>()
  private text = ''
  private at = 0
  /** Characters before `text`. */
  private before = 0
  private readonly frames: Frame[] = []
  private expected: Expected = 'value'
  /** Whether the value that comes next lies on the path. */
  private onPath = true
  private value: ValueScan | undefined

  constructor(
    private readonly file: string,
    private readonly path: readonly string[],
  ) {}

  /** The texts of the records that end in this piece. */
  push(piece: string, last: boolean): string[] {
    this.before += this.at
    this.text = this.text.slice(this.at) + piece
    this.at = 0
    const records: string[] = []
    while (this.step(records, last));
    if (this.text.length - this.at > MAX_RECORD) {
      throw new Fault(
        'ROW_TOO_LONG',
        `${this.file}: the record at character ${this.place()} is longer than 16 MiB`,
        {
          file: this.file,
        },
      )
    }
    if (last && this.expected !== 'nothing') throw this.truncated()
    return records
  }

  private step(records: string[], last: boolean): boolean {
    if (this.value) return this.endOfValue(this.value, records, last)
    const unit = this.skipSpace()
    if (unit === undefined) return false
    switch (this.expected) {
      case 'value or end':
        return unit === CLOSE_LIST ? this.close() : this.beginValue(unit)
      case 'value':
        return this.beginValue(unit)
      case 'name or end':
        return unit === CLOSE_OBJECT ? this.close() : this.name(unit)
      case 'name':
        return this.name(unit)
      case 'colon':
        return unit === COLON ? this.next('value') : this.broken('a colon')
      case 'comma or end':
        return this.commaOrEnd(unit)
      case 'nothing':
        return this.broken('nothing more (one record per line is what the connector ndjson reads)')
    }
  }

  private skipSpace(): number | undefined {
    for (; this.at < this.text.length; this.at++) {
      const unit = this.text.charCodeAt(this.at)
      if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return unit
    }
    return undefined
  }

  private next(expected: Expected): true {
    this.at++
    this.expected = expected
    return true
  }

  private close(): true {
    this.frames.pop()
    return this.next(this.frames.length === 0 ? 'nothing' : 'comma or end')
  }

  private commaOrEnd(unit: number): boolean {
    const inList = this.frames.at(-1) === 'list'
    if (unit === COMMA) return this.next(inList ? 'value' : 'name')
    if (unit === (inList ? CLOSE_LIST : CLOSE_OBJECT)) return this.close()
    return this.broken('a comma')
  }

  private beginValue(unit: number): boolean {
    const inList = this.frames.at(-1) === 'list'
    const depth = this.frames.length
    if (!inList && this.onPath && depth === this.path.length && unit === OPEN_LIST) {
      this.found = true
      this.frames.push('list')
      return this.next('value or end')
    }
    if (!inList && this.onPath && depth < this.path.length && unit === OPEN_OBJECT) {
      this.frames.push('object')
      return this.next('name or end')
    }
    if (!inList && depth === 0 && unit !== OPEN_LIST && unit !== OPEN_OBJECT)
      return this.broken('JSON that begins with [ or {')
    if (unit === COMMA || unit === COLON || unit === CLOSE_LIST || unit === CLOSE_OBJECT)
      return this.broken('a value')
    const wanted = inList || (this.onPath && depth === this.path.length && unit === OPEN_OBJECT)
    if (wanted) this.found = true
    this.value = { start: this.at, at: this.at, depth: 0, inText: false, wanted }
    return true
  }

  private name(unit: number): boolean {
    if (unit !== QUOTE) return this.broken('a field name')
    const end = endOfText(this.text, this.at + 1)
    if (end < 0) return false
    const name: unknown = JSON.parse(this.text.slice(this.at, end + 1))
    this.onPath = name === this.path[this.frames.length - 1]
    if (this.seen.size < 20) this.seen.add(String(name))
    this.at = end
    return this.next('colon')
  }

  private endOfValue(value: ValueScan, records: string[], last: boolean): boolean {
    // what was walked already is not walked again
    const shift = value.start - this.at
    value.start -= shift
    value.at -= shift
    if (!scan(this.text, value, last)) {
      if (!value.wanted) {
        this.at = value.at
        value.start = value.at
      }
      return false
    }
    if (value.wanted) records.push(this.text.slice(value.start, value.at))
    this.at = value.at
    this.value = undefined
    this.expected = this.frames.length === 0 ? 'nothing' : 'comma or end'
    return true
  }

  private broken(expected: string): never {
    const character = this.place()
    throw new Fault(
      'JSON_STRUCTURE_INVALID',
      `${this.file}: at character ${character} ${expected} was expected`,
      { file: this.file, character },
    )
  }

  private truncated(): Fault {
    return new Fault('JSON_TRUNCATED', `${this.file} ends before the JSON document does`, { file: this.file })
  }

  private place(): number {
    return this.before + this.at + 1
  }
}

interface ValueScan {
  start: number
  /** How far the text is walked. */
  at: number
  depth: number
  inText: boolean
  wanted: boolean
}

/** Walks on to the end of the value; false when the text ends before. */
function scan(text: string, value: ValueScan, last: boolean): boolean {
  let { at, depth, inText } = value
  const pause = (): false => {
    Object.assign(value, { at, depth, inText })
    return false
  }
  for (;;) {
    if (inText) {
      const end = endOfText(text, at)
      if (end < 0) {
        // a backslash at the end belongs to what comes next: stay before it
        at = Math.max(at, beforeBackslashes(text))
        return pause()
      }
      at = end + 1
      inText = false
      if (depth === 0) break
      continue
    }
    const unit = at < text.length ? text.charCodeAt(at) : -1
    if (unit === -1) {
      if (last && depth === 0) break
      return pause()
    }
    if (unit === QUOTE) inText = true
    else if (unit === OPEN_OBJECT || unit === OPEN_LIST) depth++
    else if (unit === CLOSE_OBJECT || unit === CLOSE_LIST) {
      // the end of a number or word is the bracket or comma after it
      if (depth === 0) break
      if (--depth === 0) {
        at++
        break
      }
    } else if (depth === 0 && (unit === COMMA || unit <= 0x20)) break
    at++
  }
  value.at = at
  return true
}

/** Of the closing quote; -1 when it is not there yet. */
function endOfText(text: string, from: number): number {
  for (let end = text.indexOf('"', from); end >= 0; end = text.indexOf('"', end + 1)) {
    let backslashes = 0
    while (end - 1 - backslashes >= from && text.charCodeAt(end - 1 - backslashes) === BACKSLASH)
      backslashes++
    if (backslashes % 2 === 0) return end
  }
  return -1
}

function beforeBackslashes(text: string): number {
  let end = text.length
  while (end > 0 && text.charCodeAt(end - 1) === BACKSLASH) end--
  return end
}
