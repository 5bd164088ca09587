import { MAX_ROW, tooLong } from '../../format/csv-split'
import { assertUtf8 } from '../../format/text'
import type { FileReader } from '../../ports'
import type { ByteScan } from './byte-scan'

/** Fits beside a table in the second cache of a processor. */
const BLOCK = 256 * 1024
/** Blocks begin small: a sample needs few rows. */
const FIRST_BLOCK = 16 * 1024
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * Brings a file before the scan, block by block; what a block ends in the middle of comes again at the front of the next.
 * The bytes are checked for UTF-8 where they are more than ASCII.
 */
export class BlockReader {
  /** Where the block begins in the file. */
  at: number
  private size = 0
  private filled = 0
  private used = 0
  private ended = false

  constructor(
    private readonly scan: ByteScan,
    private readonly file: FileReader,
    private readonly name: string,
    start: number,
  ) {
    this.at = start
  }

  /** Loads the next block into the scan. @returns where it begins there; undefined after the last */
  async next(): Promise<number | undefined> {
    if (this.ended) return undefined
    const { scan, filled, used } = this
    const { code } = scan
    const rest = filled - used
    if (this.size < BLOCK || rest > this.size / 2) this.size = Math.max(FIRST_BLOCK, this.size * 2)
    const from = code.blockOf(this.size)
    scan.bytes.copyWithin(from, from + used, from + filled)
    this.at += used
    const read = await this.file.read(scan.bytes.subarray(from + rest, from + this.size), this.at + rest)
    this.used = 0
    this.filled = rest + read
    this.ended = read === 0
    code.loadRows(from, from + this.filled, this.ended)
    return from
  }

  /** The rows before `used` are done. @param line lines of the file before the row that stands there */
  done(used: number, line: number): void {
    const { code, bytes } = this.scan
    const from = code.blockOf(this.size)
    this.used = used
    if (code.takeWide()) assertUtf8(bytes.subarray(from, from + used), this.name, this.at)
    if (this.filled - used <= MAX_ROW) return
    if (decoder.decode(bytes.subarray(from + used, from + this.filled)).length > MAX_ROW)
      throw tooLong(this.name, line + 1)
  }
}
