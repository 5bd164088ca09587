import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { downloadsIn } from './downloads'
import { uploadsIn } from './uploads'

const HOUR = 3_600_000
const UPLOADS_KEPT_MS = 7 * 24 * HOUR
const DOWNLOADS_KEPT_MS = 24 * HOUR

/** Removes the files of a tenant that are kept long enough, now and every hour. @returns what ends that */
export function tidyHourly(folder: string, now: () => number): () => void {
  const tidy = (): void => {
    void tidied(folder, now())
  }
  tidy()
  const timer = setInterval(tidy, HOUR).unref()
  return () => {
    clearInterval(timer)
  }
}

export async function tidied(folder: string, now: number): Promise<void> {
  await removeOlder(uploadsIn(folder), now - UPLOADS_KEPT_MS)
  await removeOlder(downloadsIn(folder), now - DOWNLOADS_KEPT_MS)
}

async function removeOlder(folder: string, before: number): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  for (const name of names) {
    const path = join(folder, name)
    const info = await stat(path).catch(() => undefined)
    // what cannot be removed now is tried again in an hour
    if (info && info.mtimeMs < before) await rm(path, { recursive: true, force: true }).catch(() => undefined)
  }
}
