import { DatabaseError } from 'pg'
import type { ErrorCode } from '../../shared/contract/errors'
import { Fault, type Evidence } from '../../shared/core/fault'

/** What was under way: until COMMIT is sent nothing can have been written. */
export type Phase = 'connect' | 'work' | 'commit'

/**
 * The fault that an error of the driver or the server stands for. Classes of SQLSTATE: PostgreSQL manual, appendix A.
 * The server's DETAIL, and its message where that quotes values, are left out: they hold the row.
 */
export function databaseFault(error: unknown, place: string, phase: Phase): Fault {
  if (error instanceof Fault) return error
  if (error instanceof DatabaseError && error.code !== undefined)
    return serverFault(error, error.code, place, phase)
  const failure = error instanceof Error ? error : new Error(String(error))
  const reason = reasonOf(failure)
  const code = driverCode(failure, phase)
  const detail = `${place}: ${DRIVER_WORDS[code] ?? 'the driver failed'} (${reason}).`
  return new Fault(code, detail, { reason }, undefined, { cause: failure })
}

const DRIVER_WORDS: Partial<Record<ErrorCode, string>> = {
  DATABASE_UNREACHABLE: 'no connection',
  DATABASE_TLS_REFUSED: 'no encrypted connection',
  DATABASE_LOGIN_REFUSED: 'the login failed',
  DATABASE_CONNECTION_LOST: 'the connection broke; nothing of this batch was written',
  DATABASE_COMMIT_UNKNOWN: 'the connection broke while the batch was being confirmed',
}

const TLS = /certificate|SSL|TLS|self.signed|CERT|altname/i
const LOGIN = /SASL|password|SCRAM/i

function driverCode(error: Error, phase: Phase): ErrorCode {
  if (phase === 'commit') return 'DATABASE_COMMIT_UNKNOWN'
  if (TLS.test(`${codeOf(error)} ${error.message}`)) return 'DATABASE_TLS_REFUSED'
  if (phase === 'connect')
    return LOGIN.test(error.message) ? 'DATABASE_LOGIN_REFUSED' : 'DATABASE_UNREACHABLE'
  return 'DATABASE_CONNECTION_LOST'
}

/** An AggregateError (several addresses tried) has no message of its own. */
function reasonOf(error: Error): string {
  const code = codeOf(error)
  const text =
    error.message === '' && error instanceof AggregateError ? String(error.errors[0]) : error.message
  return code === '' || text.includes(code) ? text : `${code} ${text}`
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : ''
}

function serverFault(error: DatabaseError, sqlstate: string, place: string, phase: Phase): Fault {
  const code = serverCode(sqlstate, phase)
  const evidence: Evidence = {
    sqlstate,
    ...given('schema', error.schema),
    ...given('table', error.table),
    ...given('column', error.column ?? columnOf(error.where)),
    ...given('constraint', error.constraint),
    ...given('type', dataType(error, sqlstate)),
  }
  return new Fault(code, `${place}: ${sentence(error, sqlstate, evidence)}`, evidence, undefined, {
    cause: error,
  })
}

function given(name: string, value: string | undefined): Evidence {
  return value === undefined ? {} : { [name]: value }
}

const BY_STATE: Record<string, ErrorCode> = {
  '3D000': 'DATABASE_UNKNOWN',
  '3F000': 'DATABASE_TABLE_UNKNOWN',
  '40001': 'DATABASE_CONFLICT',
  '40P01': 'DATABASE_CONFLICT',
  '42501': 'DATABASE_PERMISSION_DENIED',
  '42703': 'DATABASE_COLUMN_UNKNOWN',
  '42P01': 'DATABASE_TABLE_UNKNOWN',
  '55P03': 'DATABASE_BUSY',
  '57014': 'DATABASE_TIMEOUT',
  '57P03': 'DATABASE_BUSY',
  '25006': 'DATABASE_READ_ONLY',
}

const BY_CLASS: Record<string, ErrorCode> = {
  '08': 'DATABASE_CONNECTION_LOST',
  '22': 'DATABASE_VALUE_REFUSED',
  '23': 'DATABASE_CONSTRAINT_BROKEN',
  '28': 'DATABASE_LOGIN_REFUSED',
  '53': 'DATABASE_BUSY',
  '57': 'DATABASE_CONNECTION_LOST',
  P0: 'DATABASE_CONSTRAINT_BROKEN',
  '0A': 'DATABASE_STATEMENT_REFUSED',
  '42': 'DATABASE_STATEMENT_REFUSED',
  '44': 'DATABASE_CONSTRAINT_BROKEN',
}

function serverCode(sqlstate: string, phase: Phase): ErrorCode {
  const code = BY_STATE[sqlstate] ?? BY_CLASS[sqlstate.slice(0, 2)] ?? 'DATABASE_FAILED'
  // a session ended during COMMIT may have committed: a server that waits for its standby says 57P01 then
  return code === 'DATABASE_CONNECTION_LOST' && phase === 'commit' ? 'DATABASE_COMMIT_UNKNOWN' : code
}

const VALUE_WORDS: Record<string, string> = {
  '22001': 'too long for',
  '22003': 'out of range for',
  '22007': 'no valid date or time for',
  '22008': 'out of range for',
  '22021': 'a text with a character that cannot be stored in',
  '22P02': 'not valid for',
  '22P05': 'a text with a character that cannot be stored in',
  '2200H': 'not valid for',
  '23502': 'null or missing, which is not allowed for',
}

function sentence(error: DatabaseError, sqlstate: string, evidence: Evidence): string {
  const { column, constraint, type } = evidence
  const words = VALUE_WORDS[sqlstate]
  if (words !== undefined) {
    const where = column === undefined ? 'a column' : `column ${column}`
    return `a value is ${words} ${where}${type === undefined ? '' : ` (${type})`} [${sqlstate}].`
  }
  // without a constraint it is that no partition takes the row; the message names the table alone
  if (sqlstate.startsWith('23') && constraint !== undefined)
    return `constraint ${constraint} is broken [${sqlstate}].`
  if (sqlstate.startsWith('22'))
    return `a value cannot be stored${column === undefined ? '' : ` in ${column}`} [${sqlstate}].`
  if (sqlstate.startsWith('P0')) return `${routineOf(error.where)} refused the row [${sqlstate}].`
  return `${error.message} [${sqlstate}].`
}

/** COPY names the column in its context: `COPY stage, line 3, column quantity: "12,50"`. */
function columnOf(context: string | undefined): string | undefined {
  return /^COPY .*?, line \d+, column (.*?)(?:: |$)/m.exec(context ?? '')?.[1]
}

function routineOf(context: string | undefined): string {
  return /function ([\w."]+\([^)]*\)) line \d+/.exec(context ?? '')?.[1] ?? 'a trigger'
}

function dataType(error: DatabaseError, sqlstate: string): string | undefined {
  if (error.dataType !== undefined) return error.dataType
  if (!sqlstate.startsWith('22')) return undefined
  return /\b(?:for|of) type ([a-z][a-z0-9 (),]*?)(?:: |$)/.exec(error.message)?.[1]
}
