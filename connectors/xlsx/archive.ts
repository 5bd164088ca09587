import { fromBufferPromise, type Entry, type ZipFile } from 'yauzl'
import { Fault } from '../../shared/core/fault'
import type { FileInput } from '../../shared/core/format/format'

/** A workbook is read from memory, packed: a zip has its table of contents at its end. */
const MAX_PACKED = 256 * 1024 * 1024
const MAX_ENTRIES = 10_000
const MAX_UNPACKED = 4 * 1024 * 1024 * 1024
/** Sheets pack 5 to 50 times; a bomb a thousand times. Judged only beyond the size at which it could hurt. */
const MAX_RATIO = 150
const HARMLESS = 128 * 1024 * 1024

/** The parts of a workbook, each unpacked only when it is read. */
export class Archive {
  private constructor(
    private readonly file: string,
    private readonly zip: ZipFile,
    private readonly entries: ReadonlyMap<string, Entry>,
  ) {}

  /** @throws Fault FILE_UNPACKS_TOO_BIG before anything is unpacked */
  static async open(input: FileInput): Promise<Archive> {
    const bytes = await packedBytes(input)
    const entries = new Map<string, Entry>()
    let unpacked = 0
    try {
      const zip = await fromBufferPromise(bytes, {
        lazyEntries: true,
        validateEntrySizes: true,
        autoClose: false,
      })
      if (zip.entryCount > MAX_ENTRIES) throw tooBig(input.name, `it has ${zip.entryCount} parts`)
      for await (const entry of zip.eachEntry()) {
        entries.set(entry.fileName, entry)
        unpacked += entry.uncompressedSize
      }
      const bomb = unpacked > HARMLESS && unpacked > bytes.length * MAX_RATIO
      if (bomb || unpacked > MAX_UNPACKED)
        throw tooBig(input.name, `${bytes.length} bytes unpack to ${unpacked}`)
      return new Archive(input.name, zip, entries)
    } catch (error) {
      throw error instanceof Fault ? error : damaged(input.name, insteadOfZip(bytes) ?? error)
    }
  }

  has(part: string): boolean {
    return this.entries.has(part)
  }

  /** The text of a part. What its header promises is checked while it is unpacked. */
  async *text(part: string): AsyncIterable<string> {
    const entry = this.entries.get(part)
    if (!entry) throw damaged(this.file, new Error(`it has no part ${part}`))
    const decoder = new TextDecoder('utf-8', { fatal: true })
    try {
      const stream = await this.zip.openReadStreamPromise(entry)
      for await (const chunk of stream)
        if (chunk instanceof Uint8Array) yield decoder.decode(chunk, { stream: true })
      yield decoder.decode()
    } catch (error) {
      throw error instanceof Fault ? error : damaged(this.file, error)
    }
  }
}

async function packedBytes(input: FileInput): Promise<Buffer> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const bytes of input.open()) {
    parts.push(bytes)
    size += bytes.length
    if (size > MAX_PACKED) throw tooBig(input.name, 'it is larger than 256 MiB')
  }
  return Buffer.concat(parts)
}

function tooBig(file: string, what: string): Fault {
  return new Fault('FILE_UNPACKS_TOO_BIG', `${file} is not opened: ${what}`, { file })
}

/** What the beginning of a file without a zip in it tells. */
function insteadOfZip(bytes: Buffer): Error | undefined {
  if (bytes.length === 0) return new Error('it is empty')
  // the containers of Excel 97, in which those of today are encrypted (MS-CFB, 2.2; ECMA-376 part 4)
  if (bytes.subarray(0, 4).equals(Buffer.from([0xd0, 0xcf, 0x11, 0xe0])))
    return new Error('it is an old .xls workbook or has a password; save it as .xlsx without one')
  const binary = bytes.subarray(0, 512).some((byte) => byte < 9)
  return binary ? undefined : new Error('it holds text, such as CSV or a web page')
}

export function damaged(file: string, error: unknown): Fault {
  const why = error instanceof Error ? error.message : 'unknown'
  return new Fault('FILE_DAMAGED', `${file} cannot be read as an XLSX workbook: ${why}`, { file, why })
}
