import type { ErrorCode } from '../../contract/errors'
import { Fault } from '../../core/fault'

/** Primary result codes of SQLite (sqlite.org/rescode.html): the lower byte of the extended ones. */
const BY_CODE: Readonly<Record<number, ErrorCode>> = {
  3: 'FILE_NOT_WRITABLE',
  5: 'FILE_LOCKED',
  6: 'FILE_LOCKED',
  8: 'FILE_NOT_WRITABLE',
  10: 'FILE_NOT_WRITABLE',
  11: 'STORE_DAMAGED',
  13: 'DISK_FULL',
  14: 'FILE_NOT_WRITABLE',
  26: 'STORE_DAMAGED',
}

/** How a full disk shows in the files beside the database: writing and growing them is an input or output error. */
const FULL = [778, 4874]

/** What an error of SQLite means for a state file; anything else is passed on. */
export function stateFault(error: unknown, path: string): unknown {
  // by its fields: node:sqlite's errors are not always of this realm's Error
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return error
  const errcode = Number(error.errcode)
  const code = FULL.includes(errcode) ? 'DISK_FULL' : BY_CODE[errcode & 0xff]
  if (code === undefined) return error
  const reason = 'message' in error ? String(error.message) : ''
  const file = nameOf(path)
  return new Fault(code, `${file}: ${reason}.`, { file, errcode }, undefined, { cause: error })
}

/** From the folder of the state on: where that is on this machine, nobody who calls a gateway has to know. */
function nameOf(path: string): string {
  const at = path.lastIndexOf('.tieout')
  return at < 0 ? path : path.slice(at).replaceAll('\\', '/')
}
