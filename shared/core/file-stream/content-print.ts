import type { Signer } from '../ports'

/** What a file's (unpacked) bytes are recognised by when its time is not known yet. */
export interface ContentPrint {
  length: number
  /** SHA-256 of the first and of the last 64 KiB. */
  head: string
  tail: string
}

const PART = 64 * 1024

/** Takes the print of bytes as they pass. */
export class ContentPrinter {
  private length = 0
  private head = new Uint8Array(0)
  private tail = new Uint8Array(0)

  add(bytes: Uint8Array): void {
    this.length += bytes.length
    if (this.head.length < PART) this.head = joined(this.head, bytes.subarray(0, PART - this.head.length))
    this.tail = bytes.length >= PART ? bytes.slice(-PART) : joined(this.tail, bytes).slice(-PART)
  }

  print(signer: Signer): ContentPrint {
    const { length, head, tail } = this
    return { length, head: signer.digest('sha256', head, 'hex'), tail: signer.digest('sha256', tail, 'hex') }
  }
}

export async function printOfContent(
  signer: Signer,
  content: AsyncIterable<Uint8Array>,
): Promise<ContentPrint> {
  const printer = new ContentPrinter()
  for await (const bytes of content) printer.add(bytes)
  return printer.print(signer)
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}
