import type { ErrorCode } from '../../shared/contract/errors'
import { Fault } from '../../shared/core/fault'
import { Rejection } from '../../shared/core/record/rejection'

/** Primary result codes of SQLite (sqlite.org/rescode.html): the lower byte of the extended ones. */
const BY_CODE: Readonly<Record<number, ErrorCode>> = {
  3: 'DATABASE_PERMISSION_DENIED',
  5: 'DATABASE_BUSY',
  6: 'DATABASE_BUSY',
  8: 'DATABASE_READ_ONLY',
  13: 'DATABASE_BUSY',
  14: 'DATABASE_FILE_UNUSABLE',
  18: 'DATABASE_VALUE_REFUSED',
  19: 'DATABASE_CONSTRAINT_BROKEN',
  20: 'DATABASE_VALUE_REFUSED',
  26: 'DATABASE_FILE_UNUSABLE',
  1: 'DATABASE_STATEMENT_REFUSED',
}

/** SQLite's messages name tables, columns and constraints, never values; only RAISE in a trigger may. */
const RAISED_BY_TRIGGER = 1811

export function databaseFault(error: unknown, place: string): Fault {
  if (error instanceof Fault) return error
  const { code, errcode, reason } = parts(error)
  return new Fault(code, `${place}: ${reason}.`, { errcode, reason }, undefined, { cause: error })
}

/** What the database said of one record, or undefined when the record is not the reason. */
export function rejectionOf(error: unknown): Rejection | undefined {
  if (error instanceof Fault) {
    return error.then === 'bisect' ? new Rejection(error.code, error.detail) : undefined
  }
  const { code, reason } = parts(error)
  const ofRecord = code === 'DATABASE_CONSTRAINT_BROKEN' || code === 'DATABASE_VALUE_REFUSED'
  return ofRecord ? new Rejection(code, `${reason}.`) : undefined
}

function parts(error: unknown): { code: ErrorCode; errcode: number; reason: string } {
  // by its fields: node:sqlite's errors are not always of this realm's Error
  const fields = typeof error === 'object' && error !== null ? error : {}
  const errcode = 'errcode' in fields && typeof fields.errcode === 'number' ? fields.errcode : 0
  const message = 'message' in fields ? String(fields.message) : String(error)
  const reason = errcode === RAISED_BY_TRIGGER ? 'a trigger refused the row' : message
  return { code: BY_CODE[errcode & 0xff] ?? 'DATABASE_FAILED', errcode, reason }
}
