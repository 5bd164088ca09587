import { MalformedRow, type ListingEnd, type Page, type ReadRequest } from '../connector'
import { Fault } from '../fault'
import { parseJson } from '../format/json'
import { Decimal } from '../record/decimal'
import { Rejection } from '../record/rejection'
import { isList, isObject, isScalar, type DataRecord, type Scalar } from '../record/value'

/**
 * Reading a table of a database in the order of its key, so that an interrupted read goes on after its last row. Rows
 * without a value in an ordering column come last and are never left out.
 */

/** Where a read stands. */
export interface Position {
  /** Rows delivered so far. */
  row: number
  /** Values of the ordering columns of the last of them. */
  at: readonly Scalar[]
  /** How many of the rows delivered have just these values: keys of a query may repeat, cursors and nulls do. */
  ties: number
}

/** @throws Fault SOURCE_CHANGED when the position is of a read with another order */
export function parsePosition(text: string, order: readonly string[]): Position {
  const value = parseJson(text)
  if (isObject(value) && isList(value['at']) && value['at'].length === order.length) {
    const { row, at, ties } = value
    if (typeof row === 'number' && typeof ties === 'number' && at.every(isScalar)) return { row, ties, at }
  }
  throw new Fault(
    'SOURCE_CHANGED',
    `The interrupted read was not ordered by ${order.join(', ') || 'nothing'}; start it again.`,
    { order: order.join(', ') },
  )
}

/** What the rows are ordered by. */
export function keysetOrder(key: readonly string[], since: ReadRequest['since']): string[] {
  return since ? [since.field, ...key.filter((field) => field !== since.field)] : [...key]
}

export interface KeysetQuery {
  /** What stands in FROM, before the alias t. */
  from: string
  order: readonly string[]
  since: ReadRequest['since']
  position: Position | undefined
  notNull: ReadonlySet<string>
}

/** A SELECT of all columns from a position on, its ties included: whoever reads it skips those already delivered. */
export function keysetSelect(query: KeysetQuery, parameter: (value: Scalar) => string): string {
  const { from, order, since, position, notNull } = query
  const conditions: string[] = []
  if (since) {
    const cursor = quoted(since.field)
    conditions.push(`(${cursor} >= ${parameter(since.value)} OR ${cursor} IS NULL)`)
  }
  if (position && order.length > 0) conditions.push(notBefore(order, position.at, notNull, parameter))
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`
  const by = order.map((field) => quoted(field) + (notNull.has(field) ? '' : ' NULLS LAST')).join(', ')
  return `SELECT * FROM ${from} t${where}${by === '' ? '' : ` ORDER BY ${by}`}`
}

function notBefore(
  order: readonly string[],
  at: readonly Scalar[],
  notNull: ReadonlySet<string>,
  parameter: (value: Scalar) => string,
): string {
  const [field = '', ...rest] = order
  const [value = null, ...restAt] = at
  if (order.every((one, i) => notNull.has(one) && at[i] !== null)) {
    // in this form an index finds the first row
    if (order.length === 1) return `${quoted(field)} >= ${parameter(value)}`
    return `(${order.map(quoted).join(', ')}) >= (${at.map(parameter).join(', ')})`
  }
  const column = quoted(field)
  const tied = (): string => (rest.length === 0 ? '1 = 1' : notBefore(rest, restAt, notNull, parameter))
  if (value === null) return `(${column} IS NULL AND ${tied()})`
  return `(${column} > ${parameter(value)} OR ${column} IS NULL OR (${column} = ${parameter(value)} AND ${tied()}))`
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

export interface KeysetReader<Row> {
  /** For messages. */
  label: string
  orderOf(row: Row): Scalar[]
  record(row: Row): DataRecord
}

/** Makes pages of the rows of such a SELECT, and knows where the read stands. */
export class KeysetPages<Row> {
  /** Rows without a value in the first ordering column. */
  withoutCursor = 0
  /** Of the last row delivered; undefined before the first. */
  position: Position | undefined
  /** Rows still to come that have been delivered already. */
  private skip = 0

  constructor(
    private readonly reader: KeysetReader<Row>,
    position: Position | undefined,
  ) {
    this.goOn(position)
  }

  /** The rows that follow come from a new SELECT. */
  goOn(position: Position | undefined = this.position): void {
    this.position = position
    this.skip = position?.ties ?? 0
  }

  page(fetched: readonly Row[], end: Omit<ListingEnd, 'total'> | undefined): Page {
    const firstRow = (this.position?.row ?? 0) + 1
    const rows: (DataRecord | MalformedRow)[] = []
    for (const row of fetched) if (this.advance(row)) rows.push(this.read(row))
    const total = this.position?.row ?? 0
    const position = JSON.stringify(this.position ?? { row: 0, at: [], ties: 0 })
    return { rows, firstRow, position, ...(end ? { end: { ...end, total } } : {}) }
  }

  /** @returns false for a row that has been delivered already */
  private advance(row: Row): boolean {
    const at = this.reader.orderOf(row)
    const last = this.position
    const tied = last !== undefined && at.every((value, i) => same(value, last.at[i]))
    if (this.skip > 0 && tied) {
      this.skip--
      return false
    }
    this.skip = 0
    this.position = { row: (last?.row ?? 0) + 1, at, ties: tied ? last.ties + 1 : 1 }
    if (at[0] === null) this.withoutCursor++
    return true
  }

  private read(row: Row): DataRecord | MalformedRow {
    try {
      return this.reader.record(row)
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      const place = `${this.reader.label} row ${String(this.position?.row ?? 0)}`
      const raw = JSON.stringify(row, (_, value: unknown) =>
        typeof value === 'bigint' ? String(value) : value,
      )
      return new MalformedRow(new Rejection(error.code, error.detail), place, raw.slice(0, 4096))
    }
  }
}

function same(a: Scalar, b: Scalar | undefined): boolean {
  return a === b || (a instanceof Decimal && b instanceof Decimal && a.text === b.text)
}
