import { chmod, open, realpath, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { once } from 'node:events'
import { createGzip, type Gzip } from 'node:zlib'
import type { FileSink } from '../../core/ports'
import { writeFault } from './fault'

/**
 * Writes `<file>.tieout-new` beside the file; `commit` brings it to disk and puts it in the file's place by one rename,
 * so a reader sees the old file or the new one and never a part. Packed by gzip when the name ends in `.gz`.
 */
export async function openSink(path: string, absolute: string): Promise<FileSink> {
  // a link stays a link: the file that it leads to is replaced
  const target = await realpath(absolute).catch(() => absolute)
  const beside = `${target}.tieout-new`
  const orFault = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      throw writeFault(error, path)
    }
  }
  const file = await orFault(() => open(beside, 'w'))
  const out = path.endsWith('.gz') ? new PackedOut(file) : new PlainOut(file)
  const abort = async (): Promise<void> => {
    await file.close().catch(() => undefined)
    await rm(beside, { force: true })
  }
  const commit = async (): Promise<void> => {
    await out.end()
    const mode = await stat(target).then(
      (info) => info.mode,
      () => undefined,
    )
    if (mode !== undefined) await chmod(beside, mode)
    await file.sync()
    await file.close()
    await rename(beside, target)
    await syncFolder(dirname(target))
  }
  return {
    write: (bytes) => orFault(() => out.write(bytes)),
    // on a full disk it is here, at the latest, that there is no room: what was begun takes none of it any longer
    commit: () =>
      orFault(() =>
        commit().catch(async (error: unknown) => {
          await abort()
          throw error
        }),
      ),
    abort,
  }
}

class PlainOut {
  constructor(private readonly file: FileHandle) {}

  async write(bytes: Uint8Array): Promise<void> {
    await this.file.writeFile(bytes)
  }

  end(): Promise<void> {
    return Promise.resolve()
  }
}

class PackedOut {
  private readonly gzip: Gzip = createGzip()
  private readonly done: Promise<void>

  constructor(file: FileHandle) {
    this.done = drain(this.gzip, file)
    // whoever waits for `end` sees it; until then it is not lost but not yet heard
    this.done.catch(() => undefined)
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (!this.gzip.write(bytes)) await Promise.race([once(this.gzip, 'drain'), this.done])
  }

  async end(): Promise<void> {
    this.gzip.end()
    await this.done
  }
}

async function drain(gzip: Gzip, file: FileHandle): Promise<void> {
  for await (const chunk of gzip) if (chunk instanceof Uint8Array) await file.writeFile(chunk)
}

/** Makes the rename itself durable; Windows has no such call. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
