import { closest, distance } from 'fastest-levenshtein'
import { readdir } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import type { ErrorCode } from '../../contract/errors'
import { Fault } from '../../core/fault'

/**
 * What an error of the file system means for somebody who wanted to read.
 * @param path as the person wrote it: what it leads to on this machine is not told, customers of a gateway read this
 * @param hints whether names of other files may be told
 */
export async function readFault(
  error: unknown,
  path: string,
  absolute: string,
  hints = true,
): Promise<Fault> {
  const code = codeOf(error)
  if (code === 'ENOENT' || code === 'ENOTDIR') return notFound(path, absolute, hints)
  if (code === 'EBUSY') return fault('FILE_LOCKED', path, 'is held by another program', code)
  if (code === 'EISDIR') return fault('FILE_NOT_READABLE', path, 'is a folder', code)
  return fault('FILE_NOT_READABLE', path, `cannot be read (${code})`, code)
}

/** What it means for somebody who wanted to write. */
export function writeFault(error: unknown, path: string): Fault {
  if (error instanceof Fault) return error
  const code = codeOf(error)
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return fault('DISK_FULL', path, 'could not be written: no space', code)
  // Windows answers EPERM when the file that is to be replaced is open elsewhere
  const locked = code === 'EBUSY' || code === 'ETXTBSY' || (code === 'EPERM' && process.platform === 'win32')
  if (locked) return fault('FILE_LOCKED', path, 'is held by another program', code)
  if (code === 'ENOENT')
    return fault('FILE_NOT_WRITABLE', path, 'cannot be written: its folder does not exist', code)
  return fault('FILE_NOT_WRITABLE', path, `cannot be written (${code})`, code)
}

function fault(code: ErrorCode, path: string, what: string, systemCode: string): Fault {
  return new Fault(code, `${path} ${what}`, { file: path, systemCode })
}

async function notFound(path: string, absolute: string, hints: boolean): Promise<Fault> {
  const names = await readdir(dirname(absolute)).catch(() => undefined)
  if (!names)
    return new Fault('FILE_NOT_FOUND', `${path} is not there: its folder does not exist`, { file: path })
  if (names.includes(basename(absolute)))
    return new Fault('FILE_NOT_FOUND', `${path} is a link, and what it leads to is not there`, { file: path })
  const near = hints ? nearest(basename(absolute), names) : undefined
  const hint = near === undefined ? '' : `; did you mean ${near}?`
  return new Fault('FILE_NOT_FOUND', `${path} is not there${hint}`, { file: path, nearest: near ?? null })
}

function nearest(name: string, names: readonly string[]): string | undefined {
  const visible = names.filter((other) => !other.startsWith('.'))
  if (visible.length === 0) return undefined
  const near = closest(
    name.toLowerCase(),
    visible.map((other) => other.toLowerCase()),
  )
  const found = visible.find((other) => other.toLowerCase() === near)
  return distance(name.toLowerCase(), near) <= Math.max(2, name.length / 3) ? found : undefined
}

function codeOf(error: unknown): string {
  const coded = typeof error === 'object' && error !== null && 'code' in error
  return coded && typeof error.code === 'string' ? error.code : 'unknown'
}
