import type { SQLInputValue, SQLOutputValue } from 'node:sqlite'
import { Fault } from '../../shared/core/fault'
import { parseJson } from '../../shared/core/format/json'
import { Decimal } from '../../shared/core/record/decimal'
import type { Ledger } from '../../shared/core/record/ledger'
import type { DataRecord, Scalar, Value } from '../../shared/core/record/value'

export interface Column {
  name: string
  /** As declared, in upper case; '' for an expression. */
  type: string
}

/** A row as node:sqlite gives it with `setReadBigInts`. */
export type Row = Record<string, SQLOutputValue>

export function recordReader(columns: readonly Column[]): (row: Row) => DataRecord {
  const fields = columns.map(({ name, type }) => ({ name, read: valueReader(type) }))
  return (row) => {
    const record: DataRecord = {}
    for (const { name, read } of fields) record[name] = read(row[name] ?? null)
    return record
  }
}

export function jsonFields(columns: readonly Column[]): string[] {
  return columns.filter(({ type }) => isJson(type)).map(({ name }) => name)
}

function isJson(type: string): boolean {
  return type.startsWith('JSON')
}

/** SQLite stores what it is given; the declared type says what it means (sqlite.org/datatype3.html). */
function valueReader(type: string): (value: SQLOutputValue) => Value {
  if (type.startsWith('BOOL'))
    return (value) => (value === 0n || value === 1n ? value === 1n : readScalar(value))
  if (isJson(type)) return (value) => (typeof value === 'string' ? parseJson(value) : readScalar(value))
  return readScalar
}

export function readScalar(value: SQLOutputValue): Scalar {
  if (typeof value === 'bigint') {
    const number = Number(value)
    return Number.isSafeInteger(number) ? number : Decimal.ofDigits(String(value))
  }
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value
}

/** @throws Fault DATABASE_VALUE_REFUSED by the binder, for bytes that are no base64 */
export function valueBinder({ name, type }: Column, ledger: Ledger): (value: Value) => SQLInputValue {
  const keepsText = affinity(type) === 'text'
  if (isJson(type)) return (value) => (value === null ? null : JSON.stringify(value))
  if (type.includes('BLOB'))
    return (value) => (typeof value === 'string' ? bytes(value, name) : bindScalar(value))
  return (value) => {
    if (value instanceof Decimal) {
      if (keepsText) ledger.note(name, 'NUMBER_TO_TEXT')
      else if (!fits(value)) ledger.note(name, 'ROUNDED')
    } else if (keepsText && typeof value === 'number') ledger.note(name, 'NUMBER_TO_TEXT')
    return bindScalar(value)
  }
}

/** A JavaScript number would be bound as a real, and 5 would become '5.0' in a text column. */
export function bindScalar(value: Value | undefined): SQLInputValue {
  if (value === undefined || value === null) return null
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return value ? 1n : 0n
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value
  if (value instanceof Decimal) return isInt64(value.text) ? BigInt(value.text) : value.text
  return JSON.stringify(value)
}

/** Rules 1 to 5 of "Determination Of Column Affinity", as far as they matter here. */
function affinity(type: string): 'text' | 'other' {
  return !type.includes('INT') && /CHAR|CLOB|TEXT/.test(type) ? 'text' : 'other'
}

const INT64 = 2n ** 63n

function isInt64(text: string): boolean {
  if (!/^-?\d{1,19}$/.test(text)) return false
  const integer = BigInt(text)
  return integer >= -INT64 && integer < INT64
}

/** Whether a column of numbers keeps all digits: as an integer of 64 bits, or as a double. */
function fits(value: Decimal): boolean {
  return isInt64(value.text) || Decimal.parse(String(Number(value.text)))?.canonical() === value.canonical()
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/

function bytes(text: string, column: string): Uint8Array {
  if (BASE64.test(text)) return Buffer.from(text, 'base64')
  throw new Fault('DATABASE_VALUE_REFUSED', `Column ${column} holds bytes: send them as base64.`, { column })
}
