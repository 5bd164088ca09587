import { constants, crc32, deflateRawSync } from 'node:zlib'
import { Fault } from '../../shared/core/fault'

/** Where plain zip (without its 64-bit extension) ends. */
const MAX_SIZE = 0xffff_ffff

interface Written {
  name: Buffer
  crc: number
  packed: number
  size: number
  offset: number
}

/**
 * Bytes of a zip archive (PKWARE APPNOTE 6.3) whose parts come one after the other, each in pieces. Sizes follow a
 * part's data (section 4.3.9), so that no part is held in memory.
 */
export class ZipWriter {
  private readonly parts: Written[] = []
  private offset = 0

  constructor(private readonly file: string) {}

  async *part(name: string, pieces: AsyncIterable<string> | Iterable<string>): AsyncIterable<Uint8Array> {
    const part: Written = { name: Buffer.from(name), crc: 0, packed: 0, size: 0, offset: this.offset }
    yield this.out(
      record('04034b50', [
        [20, 2],
        [FLAGS, 2],
        [8, 2],
        [0, 2],
        [DATE, 2],
        [0, 12],
        [part.name.length, 2],
        [0, 2],
      ]),
      part.name,
    )
    for await (const text of pieces) {
      const bytes = Buffer.from(text)
      part.crc = crc32(bytes, part.crc)
      part.size += bytes.length
      if (part.size > MAX_SIZE)
        throw new Fault('XLSX_LIMIT', `${this.file} would unpack to more than 4 GiB; write CSV instead`)
      // each piece is packed by itself and ends on a byte: joined they are one stream (RFC 1951)
      yield this.data(part, deflateRawSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }))
    }
    yield this.data(part, deflateRawSync(Buffer.alloc(0)))
    yield this.out(
      record('08074b50', [
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
        record('02014b50', [
          [20, 2],
          [20, 2],
          [FLAGS, 2],
          [8, 2],
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
    return Buffer.concat([
      ...entries,
      record('06054b50', [
        [0, 4],
        [count, 2],
        [count, 2],
        [size, 4],
        [start, 4],
        [0, 2],
      ]),
    ])
  }

  private data(part: Written, packed: Buffer): Uint8Array {
    part.packed += packed.length
    return this.out(packed)
  }

  private out(...bytes: Buffer[]): Buffer {
    const all = Buffer.concat(bytes)
    this.offset += all.length
    return all
  }
}

/** Sizes follow the data; names are UTF-8. */
const FLAGS = 0x0808
/** 1 January 1980, the first day of zip: the same records make the same file. */
const DATE = 0x21

/** A signature and numbers with their widths in bytes, little-endian. */
function record(signature: string, fields: readonly (readonly [value: number, width: number])[]): Buffer {
  const bytes = Buffer.alloc(fields.reduce((sum, [, width]) => sum + width, 4))
  bytes.writeUInt32LE(parseInt(signature, 16), 0)
  let at = 4
  for (const [value, width] of fields) {
    if (value !== 0) bytes.writeUIntLE(value, at, width)
    at += width
  }
  return bytes
}
