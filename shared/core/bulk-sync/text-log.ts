const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const encoder = new TextEncoder()

/** One long text that grows by short ones. As bytes: a million short texts would keep the garbage collector busy. */
export class TextLog {
  private bytes = new Uint8Array(16 * 1024)
  private length = 0

  add(text: string): void {
    // UTF-8 needs at most three bytes for each UTF-16 unit
    this.reserve(text.length * 3)
    const { bytes } = this
    let at = this.length
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i)
      if (unit > 0x7f) {
        this.length += encoder.encodeInto(text, bytes.subarray(this.length)).written
        return
      }
      bytes[at++] = unit
    }
    this.length = at
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
