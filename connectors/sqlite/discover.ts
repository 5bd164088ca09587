import type { StreamInfo } from '../../shared/core/connector'
import type { Value } from '../../shared/core/record/value'
import type { Session } from './session'
import { describeTable, tableNames, type Table } from './table'

/** The tables and views of the file. */
export function listStreams(session: Session): StreamInfo[] {
  return session.guarded(() =>
    tableNames(session).map((name) => {
      const table = describeTable(session, name)
      const count = session.row(`SELECT count(*) AS n FROM ${table.sql}`)
      return {
        name,
        schema: { type: 'object', properties: propertiesOf(table), required: [...table.notNull] },
        cursors: cursorsOf(table),
        records: Number(count?.['n'] ?? 0),
        ...(table.primaryKey.length > 0 ? { key: table.primaryKey } : {}),
      }
    }),
  )
}

/** SQLite has no type for times: the name tells. */
function cursorsOf({ columns, primaryKey }: Table): string[] {
  const changed = columns.filter(({ name }) => /updat|modif|chang/i.test(name))
  const made = columns.filter(
    ({ name, type }) => /creat|insert/i.test(name) || (type === 'INTEGER' && primaryKey.includes(name)),
  )
  return [...changed, ...made].map(({ name }) => name)
}

function propertiesOf({ columns, notNull }: Table): Record<string, Value> {
  return Object.fromEntries(
    columns.map(({ name, type }) => {
      const json = jsonType(type)
      return [name, json === undefined ? {} : { type: notNull.has(name) ? json : [json, 'null'] }]
    }),
  )
}

/** By the rules of column affinity (sqlite.org/datatype3.html); undefined where a column may hold anything. */
function jsonType(type: string): string | undefined {
  if (type.startsWith('BOOL')) return 'boolean'
  if (type.startsWith('JSON')) return undefined
  if (type.includes('INT')) return 'integer'
  if (/CHAR|CLOB|TEXT|BLOB|DATE|TIME/.test(type)) return 'string'
  return /REAL|FLOA|DOUB|NUM|DEC/.test(type) ? 'number' : undefined
}
