import type { DataRecord } from '../record/value'

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const encoder = new TextEncoder()

const LINE_BREAK = 0x0a
const OPENING = 0x5b
const CLOSING = 0x5d
const QUOTE = 0x22
const COMMA = 0x2c
const BACKSLASH = 0x5c
/** Around one part of a key, and after the last. */
const KEY_MARKS = 5

/** A text that grows by lines. As bytes: a million short texts would keep the garbage collector busy. */
export class TextLog {
  private bytes = new Uint8Array(16 * 1024)
  private length = 0

  /** @param text without a line break */
  line(text: string): void {
    // UTF-8 needs at most three bytes for each UTF-16 unit
    this.reserve(text.length * 3 + 1)
    const { bytes } = this
    let at = this.length
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i)
      if (unit > 0x7f) {
        at = this.length + encoder.encodeInto(text, bytes.subarray(this.length)).written
        break
      }
      bytes[at++] = unit
    }
    bytes[at] = LINE_BREAK
    this.length = at + 1
  }

  /**
   * The key of a record as `keyText` gives it, without making that text.
   * @returns false, and adds nothing, where a part is not a plain text
   */
  plainKey(record: DataRecord, key: readonly string[]): boolean {
    let at = this.length
    for (const field of key) {
      const part = record[field]
      if (typeof part !== 'string' || part === '') return false
      this.reserve(at - this.length + part.length + KEY_MARKS)
      const { bytes } = this
      bytes[at++] = at === this.length + 1 ? OPENING : COMMA
      bytes[at++] = QUOTE
      for (let i = 0; i < part.length; i++) {
        const unit = part.charCodeAt(i)
        if (unit < 0x20 || unit > 0x7e || unit === QUOTE || unit === BACKSLASH) return false
        bytes[at++] = unit
      }
      bytes[at++] = QUOTE
    }
    if (at === this.length) return false
    this.bytes[at++] = CLOSING
    this.bytes[at++] = LINE_BREAK
    this.length = at
    return true
  }

  get text(): string {
    return decoder.decode(this.bytes.subarray(0, this.length))
  }

  private reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return
    const larger = new Uint8Array((this.length + more) * 2)
    larger.set(this.bytes)
    this.bytes = larger
  }
}
