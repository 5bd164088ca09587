import { createReadStream } from 'node:fs'
import { open, readFile, rm, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Fault } from '../../core/fault'
import type { FileInfo, FileReader, Files, FileSink, Http } from '../../core/ports'
import { readFault } from './fault'
import { unpacked } from './gunzip'
import { openSink } from './sink'
import { isUrl, WebFiles } from './web'

const CHUNK = 64 * 1024

/** The Files port: local files below a base folder and files behind http(s) URLs. */
export class NodeFiles implements Files {
  private readonly web: WebFiles

  /** @param hints whether a message may name other files of a folder */
  constructor(
    private readonly base: string,
    http: Http,
    private readonly hints = true,
  ) {
    this.web = new WebFiles(http)
  }

  async list(pattern: string): Promise<FileInfo[]> {
    if (isUrl(pattern)) return [await this.web.info(pattern)]
    const single = await this.info(pattern)
    if (single) return [single]
    const { glob, isDynamicPattern } = await import('tinyglobby')
    const slashed = process.platform === 'win32' ? pattern.replaceAll('\\', '/') : pattern
    if (!isDynamicPattern(slashed)) return []
    const { folder, rest } = await this.belowFolder(slashed)
    const cwd = this.locate(folder)
    const names = await glob(rest, { cwd, onlyFiles: true, expandDirectories: false })
    const infos = await Promise.all(names.map((name) => this.info(folder + name)))
    return infos.filter((info) => info !== undefined).sort((a, b) => (a.path < b.path ? -1 : 1))
  }

  /** A folder that is there is no pattern, whatever its name: `data (old)/*.csv`. */
  private async belowFolder(pattern: string): Promise<{ folder: string; rest: string }> {
    for (let end = pattern.lastIndexOf('/'); end > 0; end = pattern.lastIndexOf('/', end - 1)) {
      const folder = pattern.slice(0, end + 1)
      const info = await stat(this.locate(folder)).catch(() => undefined)
      if (info?.isDirectory() === true) return { folder, rest: pattern.slice(end + 1) }
    }
    return { folder: '', rest: pattern }
  }

  async *read(path: string, start = 0): AsyncIterable<Uint8Array> {
    if (start > 0 && !isUrl(path) && !(await this.isPacked(path))) {
      yield* this.local(path, start)
      return
    }
    let skip = start
    for await (const bytes of unpacked(isUrl(path) ? this.web.read(path) : this.local(path), path)) {
      if (skip < bytes.length) yield skip > 0 ? bytes.subarray(skip) : bytes
      skip = Math.max(0, skip - bytes.length)
    }
  }

  write(path: string): Promise<FileSink> {
    if (isUrl(path)) throw new Fault('FILE_NOT_WRITABLE', `${path}: a URL can only be read`, { file: path })
    return openSink(path, this.locate(path))
  }

  async text(path: string): Promise<string> {
    return new TextDecoder().decode(await this.bytes(path))
  }

  async bytes(path: string): Promise<Uint8Array> {
    if (isUrl(path)) return this.webBytes(path)
    const absolute = this.locate(path)
    try {
      return await readFile(absolute)
    } catch (error) {
      throw await readFault(error, path, absolute, this.hints)
    }
  }

  async remove(path: string): Promise<void> {
    await rm(this.locate(path), { force: true })
  }

  async reader(path: string): Promise<FileReader | undefined> {
    if (isUrl(path) || (await this.isPacked(path))) return undefined
    const absolute = this.locate(path)
    const orFault = async <T>(work: () => Promise<T>): Promise<T> => {
      try {
        return await work()
      } catch (error) {
        throw await readFault(error, path, absolute, this.hints)
      }
    }
    const file = await orFault(() => open(absolute))
    return {
      read: (into, at) => orFault(async () => (await file.read(into, 0, into.length, at)).bytesRead),
      close: () => file.close(),
    }
  }

  private async webBytes(url: string): Promise<Uint8Array> {
    const parts: Uint8Array[] = []
    for await (const bytes of this.web.read(url)) parts.push(bytes)
    return Buffer.concat(parts)
  }

  private async isPacked(path: string): Promise<boolean> {
    for await (const bytes of this.local(path, 0, 1)) return bytes[0] === 0x1f && bytes[1] === 0x8b
    return false
  }

  private async *local(path: string, start = 0, end?: number): AsyncIterable<Uint8Array> {
    const absolute = this.locate(path)
    try {
      // opening a pipe that nobody writes to would wait for ever
      if ((await stat(absolute)).isFIFO())
        throw new Fault('FILE_NOT_READABLE', `${path} is a pipe, not a file`, { file: path })
      const options = { start, highWaterMark: CHUNK, ...(end === undefined ? {} : { end }) }
      for await (const chunk of createReadStream(absolute, options))
        if (chunk instanceof Uint8Array) yield chunk
    } catch (error) {
      throw error instanceof Fault ? error : await readFault(error, path, absolute, this.hints)
    }
  }

  private async info(path: string): Promise<FileInfo | undefined> {
    const info = await stat(this.locate(path)).catch(() => undefined)
    return info?.isFile() === true ? { path, size: info.size, modified: Math.floor(info.mtimeMs) } : undefined
  }

  locate(path: string): string {
    return resolve(this.base, path)
  }
}
