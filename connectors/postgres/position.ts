import { Fault } from '../../shared/core/fault'
import { parseJson } from '../../shared/core/format/json'
import { isList, isObject } from '../../shared/core/record/value'
import { named } from './sql'

/** Where a read stands. */
export interface Position {
  /** Rows delivered so far. */
  row: number
  /** Texts of the ordering columns of the last of them. */
  at: readonly (string | null)[]
  /** How many of the rows delivered have just these texts: keys of a query may repeat, cursors and nulls do. */
  ties: number
}

export function formatPosition(position: Position): string {
  return JSON.stringify(position)
}

/** @throws Fault SOURCE_CHANGED when the position is of a read with another order */
export function parsePosition(text: string, order: readonly string[]): Position {
  const value = parseJson(text)
  if (isObject(value)) {
    const { row, at, ties } = value
    if (
      typeof row === 'number' &&
      typeof ties === 'number' &&
      isList(at) &&
      at.length === order.length &&
      order.length > 0
    ) {
      return { row, ties, at: at.map((part) => (typeof part === 'string' ? part : null)) }
    }
  }
  throw new Fault(
    'SOURCE_CHANGED',
    order.length === 0
      ? 'The source has no key, so an interrupted read cannot go on; start it again.'
      : `The interrupted read was not ordered by ${order.join(', ')}; start it again.`,
    { order: order.join(', ') },
  )
}

/**
 * The condition of rows that do not come before a position, in the order of the columns with nulls last.
 * Ties are part of it: the reader skips those that it has delivered.
 */
export function comesAt(
  order: readonly string[],
  at: readonly (string | null)[],
  notNull: ReadonlySet<string>,
  parameter: (value: string) => string,
): string {
  if (order.every((field, i) => notNull.has(field) && at[i] !== null)) {
    // in this form an index finds the first row
    return `(${order.map((field) => named(field)).join(', ')}) >= (${at.map((value) => parameter(value ?? '')).join(', ')})`
  }
  const [field = '', ...rest] = order
  const [value, ...restAt] = at
  const column = named(field)
  const tied = rest.length === 0 ? 'TRUE' : comesAt(rest, restAt, notNull, parameter)
  if (value === null || value === undefined) return `(${column} IS NULL AND ${tied})`
  const given = parameter(value)
  return `(${column} > ${given} OR ${column} IS NULL OR (${column} = ${given} AND ${tied}))`
}
