import { MAX_ROW, tooLong } from '../../format/csv-split'
import { assertUtf8 } from '../../format/text'
import type { FileReader } from '../../ports'
import type { RowWalk } from './row-walk'

/** Fits beside a table in the second cache of a processor. */
const BLOCK = 256 * 1024
/** Blocks begin small: what happens at their ends has then happened before the walk is compiled for good. */
const FIRST_BLOCK = 8 * 1024
/** Behind a block: the line end and room to read a word. */
const ROOM = 8
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * Brings a file before a walk, block by block; what a block ends in the middle of comes again at the front of the next.
 * The bytes are checked for UTF-8 where they are more than ASCII.
 */
export class BlockReader {
  /** Where the block begins in the file, and its bytes that are whole rows. */
  at: number
  private buffer = new Uint8Array(FIRST_BLOCK + ROOM)
  private filled = 0
  private used = 0
  private ended = false

  constructor(
    private readonly file: FileReader,
    private readonly name: string,
    start: number,
  ) {
    this.at = start
  }

  /** Fills the walk with the next block. @returns false after the last */
  async next(walk: RowWalk): Promise<boolean> {
    if (this.ended) return false
    const { filled, used } = this
    this.buffer.copyWithin(0, used, filled)
    this.at += used
    this.filled = filled - used
    this.used = 0
    const size = this.buffer.length - ROOM
    if (size < BLOCK || this.filled > size / 2) this.enlarge(size * 2)
    const free = this.buffer.subarray(this.filled, this.buffer.length - ROOM)
    const bytes = await this.file.read(free, this.at + this.filled)
    this.filled += bytes
    this.ended = bytes === 0
    // stops every loop of the walk
    this.buffer[this.filled] = 10
    walk.load(this.buffer, this.filled, this.ended)
    return true
  }

  /** The rows before `used` are done. @param line lines of the file before the row that stands there */
  done(used: number, line: number, walk: RowWalk): void {
    this.used = used
    if ((walk.all & 0x80808080) !== 0) assertUtf8(this.buffer.subarray(0, used), this.name, this.at)
    walk.all = 0
    if (this.filled - used <= MAX_ROW) return
    if (decoder.decode(this.buffer.subarray(used, this.filled)).length > MAX_ROW)
      throw tooLong(this.name, line + 1)
  }

  private enlarge(size: number): void {
    const larger = new Uint8Array(size + ROOM)
    larger.set(this.buffer.subarray(0, this.filled))
    this.buffer = larger
  }
}
