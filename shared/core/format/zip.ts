import { Fault } from '../fault'

/** Where plain zip (without its 64-bit extension) ends. */
const MAX_SIZE = 0xffff_ffff
/** Sizes follow the data; names are UTF-8. */
const FLAGS = 0x0808
const DEFLATE = 8
/** 1 January 1980, the first day of zip: the same records make the same file. */
const DATE = 0x21

/** How the pieces of a part become one stream of RFC 1951. */
export interface Packer {
  crc32(bytes: Uint8Array, before: number): number
  /** One piece, packed by itself, ending on a byte. */
  pack(bytes: Uint8Array): Uint8Array
  /** Comes after the last piece. */
  readonly end: Uint8Array
}

interface Written {
  name: Uint8Array
  crc: number
  packed: number
  size: number
  offset: number
}

const utf8 = new TextEncoder()

/**
 * Bytes of a zip archive (PKWARE APPNOTE 6.3) whose parts come one after the other, each in pieces. Sizes follow a
 * part's data (section 4.3.9), so that no part is held in memory.
 */
export class ZipWriter {
  private readonly parts: Written[] = []
  private offset = 0

  constructor(
    private readonly file: string,
    private readonly packer: Packer = unpacked,
  ) {}

  async *part(name: string, pieces: AsyncIterable<string> | Iterable<string>): AsyncIterable<Uint8Array> {
    const part: Written = { name: utf8.encode(name), crc: 0, packed: 0, size: 0, offset: this.offset }
    yield this.out(
      record(0x04034b50, [
        [20, 2],
        [FLAGS, 2],
        [DEFLATE, 2],
        [0, 2],
        [DATE, 2],
        [0, 12],
        [part.name.length, 2],
        [0, 2],
      ]),
      part.name,
    )
    for await (const text of pieces) {
      const bytes = utf8.encode(text)
      part.crc = this.packer.crc32(bytes, part.crc)
      part.size += bytes.length
      if (part.size > MAX_SIZE)
        throw new Fault('XLSX_LIMIT', `${this.file} would unpack to more than 4 GiB; write CSV instead`)
      yield this.data(part, this.packer.pack(bytes))
    }
    yield this.data(part, this.packer.end)
    yield this.out(
      record(0x08074b50, [
        [part.crc, 4],
        [part.packed, 4],
        [part.size, 4],
      ]),
    )
    this.parts.push(part)
  }

  end(): Uint8Array {
    const start = this.offset
    const entries = this.parts.map((part) =>
      this.out(
        record(0x02014b50, [
          [20, 2],
          [20, 2],
          [FLAGS, 2],
          [DEFLATE, 2],
          [0, 2],
          [DATE, 2],
          [part.crc, 4],
          [part.packed, 4],
          [part.size, 4],
          [part.name.length, 2],
          [0, 12],
          [part.offset, 4],
        ]),
        part.name,
      ),
    )
    const size = this.offset - start
    const count = this.parts.length
    return joined([
      ...entries,
      record(0x06054b50, [
        [0, 4],
        [count, 2],
        [count, 2],
        [size, 4],
        [start, 4],
        [0, 2],
      ]),
    ])
  }

  private data(part: Written, packed: Uint8Array): Uint8Array {
    part.packed += packed.length
    return this.out(packed)
  }

  private out(...bytes: Uint8Array[]): Uint8Array {
    const all = joined(bytes)
    this.offset += all.length
    return all
  }
}

/** A signature and numbers with their widths in bytes, little-endian. */
function record(signature: number, fields: readonly (readonly [value: number, width: number])[]): Uint8Array {
  const bytes = new Uint8Array(fields.reduce((sum, [, width]) => sum + width, 4))
  const view = new DataView(bytes.buffer)
  view.setUint32(0, signature, true)
  let at = 4
  for (const [value, width] of fields) {
    if (width === 2) view.setUint16(at, value, true)
    else view.setUint32(at, value, true)
    at += width
  }
  return bytes
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

/** Bytes that a stored block of RFC 1951 can hold (section 3.2.4). */
const BLOCK = 0xffff

/** For hosts without a compressor: the data stands in stored blocks as it is. */
const unpacked: Packer = {
  crc32(bytes, before) {
    let crc = ~before
    for (const byte of bytes) crc = (crc >>> 8) ^ (CRC[(crc ^ byte) & 0xff] ?? 0)
    return ~crc >>> 0
  },
  pack(bytes) {
    const blocks: Uint8Array[] = []
    for (let at = 0; at < bytes.length; at += BLOCK)
      blocks.push(...storedBlock(bytes.subarray(at, at + BLOCK), 0))
    return joined(blocks)
  },
  end: joined(storedBlock(new Uint8Array(0), 1)),
}

function storedBlock(bytes: Uint8Array, last: 0 | 1): Uint8Array[] {
  const head = new Uint8Array(5)
  const view = new DataView(head.buffer)
  view.setUint8(0, last)
  view.setUint16(1, bytes.length, true)
  view.setUint16(3, ~bytes.length & 0xffff, true)
  return [head, bytes]
}

/** CRC-32 of every byte (ISO 3309, polynomial 0xEDB88320 reflected). */
const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  return crc
})
