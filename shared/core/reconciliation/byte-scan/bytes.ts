/** Bytes and a view of them that reads four at once, also beyond the last that is asked for. */
export interface Bytes {
  readonly bytes: Uint8Array
  readonly view: DataView
}

export function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength)
}

/** What a word read from the last byte needs. */
const ROOM = 4

/** Bytes that are written again and again. */
export class Scratch implements Bytes {
  bytes: Uint8Array<ArrayBuffer>
  view: DataView
  private readonly encoder = new TextEncoder()

  constructor(size = 256) {
    this.bytes = new Uint8Array(size + ROOM)
    this.view = viewOf(this.bytes)
  }

  /** What was written may be lost. */
  reserve(size: number): void {
    if (size + ROOM <= this.bytes.length) return
    this.bytes = new Uint8Array(size + ROOM)
    this.view = viewOf(this.bytes)
  }

  /** Writes a text as UTF-8 from the start. @returns how many bytes it takes */
  encode(text: string): number {
    this.reserve(text.length * 3)
    return this.encoder.encodeInto(text, this.bytes).written
  }
}
