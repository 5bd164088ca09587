import { Fault } from '../../shared/core/fault'
import { roundedText } from '../../shared/core/mapping/big'
import { Decimal, exactNumber, plainNumber } from '../../shared/core/record/decimal'
import type { Ledger } from '../../shared/core/record/ledger'
import { textOf, type DataRecord, type Value } from '../../shared/core/record/value'
import { printArray, readArray } from './array'
import { parseJson } from '../../shared/core/format/json'

export interface ColumnType {
  /** As in pg_type: `int4`, `timestamptz`, for an array that of its elements. */
  name: string
  array: boolean
  /** pg_attribute.atttypmod: length or precision and scale; -1 for none. */
  modifier: number
}

export interface Column {
  name: string
  type: ColumnType
}

export function jsonFields(columns: readonly Column[]): string[] {
  const json = columns.filter(({ type: { name, array } }) => !array && (name === 'json' || name === 'jsonb'))
  return json.map(({ name }) => name)
}

/** From PostgreSQL's text form (DateStyle ISO, TimeZone UTC, IntervalStyle iso_8601) to a value. */
type TextReader = (text: string) => Value

function textReader(type: ColumnType): TextReader {
  const element = scalarReader(type.name)
  return type.array ? (text) => readArray(text, element) : element
}

function scalarReader(type: string): TextReader {
  switch (type) {
    case 'int2':
    case 'int4':
    case 'oid':
      return Number
    case 'float4':
    case 'float8':
      return readDouble
    case 'int8':
      return readBigint
    case 'numeric':
      return (text) => (text === 'NaN' || text.endsWith('Infinity') ? text : Decimal.ofDigits(text))
    case 'bool':
      return (text) => text === 't'
    case 'json':
    case 'jsonb':
      return parseJson
    case 'timestamptz':
      return readInstant
    case 'timestamp':
      return (text) => text.replace(' ', 'T')
    case 'bytea':
      return (text) => Buffer.from(text.slice(2), 'hex').toString('base64')
    default:
      return (text) => text
  }
}

function readDouble(text: string): Value {
  const number = Number(text)
  return Number.isFinite(number) ? number : text
}

function readBigint(text: string): Value {
  return text.length < 16 ? Number(text) : (exactNumber(text) ?? text)
}

/** 'infinity' and years before Christ stay as PostgreSQL writes them. */
function readInstant(text: string): string {
  return text.endsWith('+00') ? text.slice(0, -3).replace(' ', 'T') + 'Z' : text
}

export function recordReader(columns: readonly Column[]): (row: readonly (string | null)[]) => DataRecord {
  const fields = columns.map(({ name, type }) => ({ name, read: textReader(type) }))
  return (row) => {
    const record: DataRecord = {}
    for (let i = 0; i < fields.length; i++) {
      const field = fields[i]
      const text = row[i]
      if (field) record[field.name] = text === null || text === undefined ? null : field.read(text)
    }
    return record
  }
}

/** From a value that is not null to PostgreSQL's text form. What is lost on the way is noted. */
export type TextPrinter = (value: Value) => string

/** @throws Fault DATABASE_VALUE_REFUSED by the printer, for a value that PostgreSQL would take and misread */
export function textPrinter(column: Column, ledger: Ledger): TextPrinter {
  const scalar = scalarPrinter(column, ledger)
  const hasDay = ['date', 'timestamp', 'timestamptz'].includes(column.type.name)
  const element: TextPrinter = hasDay ? (value) => scalar(dayAndMonthTold(value, column.name)) : scalar
  if (!column.type.array) return element
  return (value) => (Array.isArray(value) ? printArray(value as readonly Value[], element) : textOf(value))
}

const DAY_OR_MONTH_FIRST = /^\s*\d{1,2}[./-]\d{1,2}[./-]\d{2,4}(?!\d)/

/** 01.02.2026 is January 2 to PostgreSQL or February 1, by a setting (DateStyle) that the source knows nothing of. */
function dayAndMonthTold(value: Value, column: string): Value {
  if (typeof value !== 'string' || !DAY_OR_MONTH_FIRST.test(value)) return value
  throw new Fault(
    'DATABASE_VALUE_REFUSED',
    `Column ${column} takes dates such as 2026-02-01: of others the database could swap day and month. ` +
      'Say in map how they are written (type: date, format: dd.MM.yyyy).',
    { column },
  )
}

function scalarPrinter({ name, type }: Column, ledger: Ledger): TextPrinter {
  switch (type.name) {
    case 'int2':
    case 'int4':
    case 'int8':
    case 'float4':
      return printScalar
    case 'float8':
      return (value) => {
        if (value instanceof Decimal) ledger.note(name, 'ROUNDED')
        return printScalar(value)
      }
    case 'numeric':
      return numericPrinter(name, type.modifier, ledger)
    case 'bool':
      return textOf
    case 'json':
    case 'jsonb':
      return (value) => JSON.stringify(value)
    case 'bytea':
      return (value) => printBytes(value, name)
    case 'timestamptz':
      return (value) => printInstant(textOf(value), name, ledger)
    case 'timestamp':
      return (value) => printLocalTime(textOf(value), name, ledger)
    case 'date':
      return (value) => {
        const text = textOf(value)
        if (text.length <= 10 || !ZONED.test(text)) return text
        ledger.note(name, 'TRUNCATED')
        return text.slice(0, 10)
      }
    default:
      return (value) => printText(value, name, ledger)
  }
}

function printScalar(value: Value): string {
  if (typeof value === 'string') return value
  return typeof value === 'number' ? plainNumber(value) : textOf(value)
}

const SURROGATE = /[\ud800-\udfff]/
const LONE_SURROGATE = /\p{Surrogate}/gu

function printText(value: Value, column: string, ledger: Ledger): string {
  if (typeof value === 'string') {
    if (!SURROGATE.test(value)) return value
    // half a surrogate pair has no form in UTF-8
    const whole = value.replace(LONE_SURROGATE, '\ufffd')
    if (whole !== value) ledger.note(column, 'ENCODING_REPLACED')
    return whole
  }
  if (typeof value === 'number' || value instanceof Decimal) ledger.note(column, 'NUMBER_TO_TEXT')
  return printScalar(value)
}

/** Whether the printer writes a number with at most two decimals as it stands, with nothing to note. */
export function takesPlainNumbers({ type: { name, modifier, array } }: Column): boolean {
  if (array) return false
  if (name === 'numeric') return modifier < 0 || scaleOf(modifier) >= 2
  return ['int2', 'int4', 'int8', 'float4', 'float8'].includes(name)
}

/** numeric.c: the scale stands in the lower 11 bits of the modifier less 4, signed since PostgreSQL 15. */
function scaleOf(modifier: number): number {
  return (((modifier - 4) & 0x7ff) ^ 1024) - 1024
}

/** numeric(p,s) rounds silently what has more than s decimals: what is printed is what it will hold. */
function numericPrinter(column: string, modifier: number, ledger: Ledger): TextPrinter {
  if (modifier < 0) return printScalar
  const scale = scaleOf(modifier)
  return (value) => {
    const text = printScalar(value)
    const point = text.indexOf('.')
    const whole = point < 0 ? text.length : point
    const dropped = scale >= 0 ? whole + 1 + scale : Math.max(0, whole + scale)
    if (/[1-9]/.test(text.slice(dropped))) {
      ledger.note(column, 'ROUNDED')
      return roundedText(text, scale)
    }
    return text
  }
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/

function printBytes(value: Value, column: string): string {
  const text = textOf(value)
  if (BASE64.test(text)) return '\\x' + Buffer.from(text, 'base64').toString('hex')
  throw new Fault('DATABASE_VALUE_REFUSED', `Column ${column} holds bytes: send them as base64.`, { column })
}

const ZONED = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(\.\d+)?(Z|[+-]\d\d(?::?\d\d)?)?$/

function printInstant(text: string, column: string, ledger: Ledger): string {
  // as most clocks write it: nothing to look at
  if (text.length === 24 && text.endsWith('Z')) return text
  const parts = ZONED.exec(text)
  if (!parts) return text
  if (parts[4] === undefined) ledger.note(column, 'ZONE_ASSUMED')
  noteFraction(parts[3], column, ledger)
  return text
}

/** `timestamp` drops a zone without a word, so an instant is first brought to UTC. */
function printLocalTime(text: string, column: string, ledger: Ledger): string {
  const parts = ZONED.exec(text)
  if (!parts) return text
  const [, date = '', time = '', fraction = '', zone] = parts
  noteFraction(fraction, column, ledger)
  if (zone === undefined) return text
  const instant = new Date(`${date}T${time}${zone.length === 3 ? zone + ':00' : zone}`)
  return Number.isNaN(instant.getTime()) ? text : instant.toISOString().slice(0, 19) + fraction
}

/** PostgreSQL keeps microseconds. */
function noteFraction(fraction: string | undefined, column: string, ledger: Ledger): void {
  if (fraction !== undefined && fraction.length > 7 && /[1-9]/.test(fraction.slice(7)))
    ledger.note(column, 'ROUNDED')
}
