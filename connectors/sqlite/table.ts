import type * as database from '../../shared/core/database/table'
import { didYouMean } from '../../shared/core/definition/nearest'
import { Fault } from '../../shared/core/fault'
import type { Session } from './session'
import type { Column } from './values'

export type Relation = database.Relation<Column>
export type Table = database.Table<Column>

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

export function names(columns: readonly string[]): string {
  return columns.map(quoted).join(', ')
}

/** @throws Fault DATABASE_TABLE_UNKNOWN */
export function describeTable(session: Session, name: string): Table {
  const info = session.rows('SELECT name, type, "notnull" AS required, pk FROM pragma_table_info(?)', name)
  if (info.length === 0) {
    const known = tableNames(session)
    throw new Fault(
      'DATABASE_TABLE_UNKNOWN',
      `${session.file} has no table "${name}"${didYouMean(name, known)}`,
      { table: name },
    )
  }
  const primaryKey = info
    .filter(({ pk }) => pk !== 0n)
    .sort((a, b) => Number(a['pk']) - Number(b['pk']))
    .map((row) => text(row['name']))
  const rowid = info.find(({ pk, type }) => pk !== 0n && text(type).toUpperCase() === 'INTEGER')
  const notNull = info.filter(({ required }) => required === 1n).map((row) => text(row['name']))
  if (primaryKey.length === 1 && rowid) notNull.push(text(rowid['name']))
  const indexes = session
    .rows('SELECT name, "unique" AS alone, partial FROM pragma_index_list(?)', name)
    .map((index) => ({
      holds: index['alone'] === 1n && index['partial'] === 0n,
      columns: session
        .rows('SELECT name FROM pragma_index_info(?) ORDER BY seqno', text(index['name']))
        .map((row) => text(row['name'])),
    }))
    // of an expression, which has no name
    .filter(({ columns }) => !columns.includes(''))
  const keys = primaryKey.length > 0 ? [primaryKey] : []
  return {
    ...describeRelation(session, quoted(name)),
    name,
    notNull: new Set(notNull),
    primaryKey,
    unique: [...keys, ...indexes.filter(({ holds }) => holds).map(({ columns }) => columns)],
    indexed: [...keys, ...indexes.map(({ columns }) => columns)],
  }
}

export function describeRelation(session: Session, sql: string): Relation {
  const columns = session.statement(`SELECT * FROM ${sql} t LIMIT 0`).columns()
  return { sql, columns: columns.map(({ name, type }) => ({ name, type: (type ?? '').toUpperCase() })) }
}

export function tableNames(session: Session): string[] {
  return session
    .rows(
      `SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
       AND name <> 'tieout_ledger' ORDER BY name`,
    )
    .map((row) => text(row['name']))
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
