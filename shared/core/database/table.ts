import type { ReadRequest } from '../connector'
import { didYouMean } from '../definition/nearest'
import { Fault } from '../fault'
import type { Log } from '../ports'
import type { DataRecord } from '../record/value'

/** A table, view or query, as far as reading needs to know it. */
export interface Relation<Column extends { name: string }> {
  /** As it stands in FROM; an alias follows, because a query needs one. */
  sql: string
  columns: readonly Column[]
}

export interface Table<Column extends { name: string }> extends Relation<Column> {
  name: string
  notNull: ReadonlySet<string>
  primaryKey: readonly string[]
  /** Columns of each unique index that holds for all rows. */
  unique: readonly (readonly string[])[]
  /** Columns of each index, the leading ones at least. */
  indexed: readonly (readonly string[])[]
}

/** What a source reads. */
export interface SourceRelation<Column extends { name: string }> extends Relation<Column> {
  /** For messages. */
  label: string
  notNull: ReadonlySet<string>
  /** Undefined for a query: nobody knows. */
  indexed: readonly (readonly string[])[] | undefined
  key: readonly string[]
}

/** @throws Fault DATABASE_COLUMN_UNKNOWN */
export function column<Column extends { name: string }>(
  { columns }: { columns: readonly Column[] },
  name: string,
  place: string,
): Column {
  const found = columns.find((one) => one.name === name)
  if (found) return found
  const known = columns.map((one) => one.name)
  throw new Fault('DATABASE_COLUMN_UNKNOWN', `${place} has no column "${name}"${didYouMean(name, known)}`, {
    column: name,
    table: place,
  })
}

/**
 * @param statement makes the index that is asked for
 * @throws Fault DATABASE_KEY_NOT_UNIQUE
 */
export function requireUniqueKey(
  { name, unique }: Pick<Table<never>, 'name' | 'unique'>,
  key: readonly string[],
  statement: string,
): void {
  const wanted = new Set(key)
  if (unique.some((columns) => columns.length === wanted.size && columns.every((one) => wanted.has(one))))
    return
  const fields = key.join(', ')
  throw new Fault('DATABASE_KEY_NOT_UNIQUE', `${name} has no unique index on ${fields}. Run: ${statement}`, {
    table: name,
    key: fields,
    statement,
  })
}

/** @param otherwise what happens where no index gives the order */
export function warnWithoutIndex(
  { indexed, label }: Pick<SourceRelation<never>, 'indexed' | 'label'>,
  order: readonly string[],
  otherwise: string,
  log: Log,
): void {
  const [first] = order
  if (first === undefined) {
    log.warn(`${label} has no key: an interrupted read goes on by counting rows.`, { stream: label })
  } else if (indexed && !indexed.some((columns) => columns[0] === first)) {
    log.warn(`${label} has no index on ${first}: ${otherwise}.`, { stream: label, column: first })
  }
}

/** @param count of rows without a value in the cursor field */
export function warnWithoutCursor(label: string, since: ReadRequest['since'], count: number, log: Log): void {
  if (!since || count === 0) return
  log.warn(`${label}: ${count} records have no ${since.field}; they are read every time.`, {
    stream: label,
    records: count,
  })
}

/** Whether a record has just these fields, in this order. */
export function hasFields(record: DataRecord, fields: readonly string[]): boolean {
  let i = 0
  for (const field in record) if (field !== fields[i++]) return false
  return i === fields.length
}
