import { Fault } from '../fault'
import type { FileInfo, Files } from '../ports'
import { shownAddress } from '../shown-address'

/** A stream's name below the connection's folder; URLs and absolute paths stand for themselves. */
export function pathOf(folder: string | undefined, stream: string): string {
  if (folder === undefined || folder === '' || folder === '.' || isAbsolute(stream)) return stream
  return `${folder.replace(/[\\/]+$/, '')}/${stream}`
}

function isAbsolute(path: string): boolean {
  return /^(?:https?:\/\/|[\\/]|[A-Za-z]:[\\/])/i.test(path)
}

/** @throws Fault FILE_NOT_WRITABLE for what can only be read */
export function assertOneFile(path: string): void {
  const why = /^https?:\/\//i.test(path)
    ? 'a URL can only be read'
    : /[*?]/.test(path)
      ? 'a target is one file, and this is a pattern for several'
      : undefined
  if (why === undefined) return
  const file = shownAddress(path)
  throw new Fault('FILE_NOT_WRITABLE', `${file}: ${why}`, { file })
}

/**
 * The files that a path or glob names, at least one.
 * @throws Fault FILE_NOT_FOUND
 */
export async function existing(files: Files, path: string): Promise<FileInfo[]> {
  const found = await files.list(path)
  if (found.length > 0) return found
  if (/[*?[{(]/.test(path)) {
    throw new Fault('FILE_NOT_FOUND', `no file matches ${path}`, { file: path })
  }
  // the port knows the names beside it
  for await (const bytes of files.read(path)) if (bytes.length > 0) break
  return files.list(path)
}
