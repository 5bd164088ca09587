import type { SnapshotRequest } from '../../shared/core/snapshot'
import { isScalarType, isText, mayBeInstant, textOf } from './digest'
import { literal, named } from './sql'
import type { RelationColumn } from './table'

type Period = 'year' | 'month' | 'day'

/**
 * What the rows are grouped by for a dimension. It may be finer than the dimension, because values are only cut where
 * the cut is sure to stay within the group; undefined where there would be a group for nearly every row.
 */
export function groupOf(
  column: RelationColumn,
  by: SnapshotRequest['dimensions'][number]['by'],
): string | undefined {
  if (!isScalarType(column)) return undefined
  if (!isText(column)) {
    if (by === 'value') return named(column.name, 't')
    return typeof by === 'object' ? undefined : periodOf(column, by)
  }
  const text = textOf(column)
  if (by === 'value') return text
  if (typeof by === 'object') return cut(text, by.first, `NOT ${mayBeInstant(text)}`)
  return cut(text, 10, `${text} ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}' AND NOT ${mayBeInstant(text)}`)
}

/** Characters are at least as long as the units that texts are cut by elsewhere. */
function cut(text: string, length: number, condition: string): string {
  return `CASE WHEN ${condition} THEN left(${text}, ${length}) ELSE ${text} END`
}

export function isTime({ type }: RelationColumn): boolean {
  return !type.array && /^(?:date|timestamp|timestamptz)$/.test(type.name)
}

/** The latest that can be told as a time of the calendar. */
export function latest({ name }: RelationColumn, table: string): string {
  const column = named(name, 't')
  return `SELECT max(${column}) FROM ${table} t WHERE ${column} BETWEEN '0001-01-01' AND ${LAST_YEAR}`
}

/** Later years have no form that could be cut. */
const LAST_YEAR = literal('9999-12-31')

function periodOf(one: RelationColumn, period: Period): string | undefined {
  if (!isTime(one)) return undefined
  const column = named(one.name, 't')
  if (one.type.name === 'date') return column
  const start = `date_trunc(${literal(period)}, ${column})`
  return `CASE WHEN ${column} < ${LAST_YEAR} THEN ${start} ELSE ${column} END`
}

/**
 * The fields multiplied, exactly; null where one has no number; undefined where texts would have to be looked into. Of no
 * fields: 1.
 */
export function amountOf(columns: readonly RelationColumn[]): string | undefined {
  if (columns.length === 0) return '1'
  const numbers = columns.map(numberOf)
  const known = numbers.filter((number) => number !== undefined)
  if (known.length !== columns.length) return undefined
  return known.length === 1 ? known.join() : known.map((number) => `${number}::numeric`).join(' * ')
}

/** A double as the shortest decimal that is just it, which is how it is read. */
function numberOf({ name, type }: RelationColumn): string | undefined {
  if (type.array) return undefined
  const column = named(name, 't')
  const finite = (number: string): string =>
    `CASE WHEN ${column} NOT IN ('NaN', 'Infinity', '-Infinity') THEN ${number} END`
  switch (type.name) {
    case 'int2':
    case 'int4':
    case 'int8':
      return column
    case 'numeric':
      // with a precision there is no infinity
      return type.modifier < 0 ? finite(column) : `nullif(${column}, 'NaN')`
    case 'float4':
    case 'float8':
      return finite(`${column}::text::numeric`)
    default:
      return undefined
  }
}
