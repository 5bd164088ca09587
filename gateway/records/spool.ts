import { createHash } from 'node:crypto'
import { open, type FileHandle } from 'node:fs/promises'
import { writeFault } from '../../shared/adapters/files/fault'

const CHUNK = 256 * 1024

/**
 * A file that is read while it is written: each reader goes at its own pace, and the writer waits for none of them, so
 * that neither a slow nor a lost client holds anything in memory or up.
 */
export class Spool {
  private readonly hash = createHash('sha256')
  private written = 0
  private state: 'open' | 'ended' | 'failed' = 'open'
  private error: unknown
  private news: (() => void)[] = []

  private constructor(
    private readonly path: string,
    private readonly file: FileHandle,
  ) {}

  static async create(path: string): Promise<Spool> {
    return new Spool(path, await open(path, 'wx'))
  }

  get size(): number {
    return this.written
  }

  /** SHA-256 of what was written, in hex. */
  get sha256(): string {
    return this.hash.copy().digest('hex')
  }

  /** @throws Fault DISK_FULL */
  async write(bytes: Uint8Array): Promise<void> {
    await this.file.writeFile(bytes).catch((error: unknown) => {
      throw writeFault(error, 'The download')
    })
    this.hash.update(bytes)
    this.written += bytes.length
    this.tell()
  }

  async end(): Promise<void> {
    await this.file.close()
    this.state = 'ended'
    this.tell()
  }

  /** Readers get what was written, and then the error. */
  async fail(error: unknown): Promise<void> {
    await this.file.close()
    this.state = 'failed'
    this.error = error
    this.tell()
  }

  /** Resolves when there is something to read or all was written. @throws what made it fail before */
  async begun(): Promise<void> {
    while (this.written === 0 && this.state === 'open') await this.change()
    if (this.written === 0 && this.state === 'failed') throw this.error
  }

  async *read(): AsyncGenerator<Uint8Array> {
    const file = await open(this.path, 'r')
    try {
      for (let at = 0; ;) {
        const length = Math.min(CHUNK, this.written - at)
        if (length > 0) {
          const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, at)
          at += bytesRead
          yield buffer.subarray(0, bytesRead)
        } else if (this.state === 'failed') throw this.error
        else if (this.state === 'ended') return
        else await this.change()
      }
    } finally {
      await file.close()
    }
  }

  private change(): Promise<void> {
    return new Promise((resolve) => this.news.push(resolve))
  }

  private tell(): void {
    const waiting = this.news
    this.news = []
    for (const resolve of waiting) resolve()
  }
}
