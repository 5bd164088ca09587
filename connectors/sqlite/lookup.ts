import type { DataRecord } from '../../shared/core/record/value'
import type { Session } from './session'
import { quoted, type Relation } from './table'
import { bindScalar, recordReader } from './values'

/** Records by key, in the order asked. Of rows with the same key, one. */
export function lookup(
  session: Session,
  relation: Relation,
  key: readonly string[],
  keys: readonly DataRecord[],
): (DataRecord | undefined)[] {
  const where = key.map((field) => `${quoted(field)} = ?`).join(' AND ')
  const sql = `SELECT * FROM ${relation.sql} t WHERE ${where} LIMIT 1`
  const read = recordReader(relation.columns)
  return session.guarded(() =>
    keys.map((record) => {
      const row = session.row(sql, ...key.map((field) => bindScalar(record[field])))
      return row && read(row)
    }),
  )
}
