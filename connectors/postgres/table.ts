import type * as database from '../../shared/core/database/table'
import { Fault } from '../../shared/core/fault'
import { didYouMean } from '../../shared/core/definition/nearest'
import { readArray } from './array'
import { qualified, tableName } from './sql'
import type { Transaction } from './transaction'
import type { Column } from './values'

export interface RelationColumn extends Column {
  /** The type's name for a cast, without length. */
  cast: string
}

export type Relation = database.Relation<RelationColumn>

export interface Table extends database.Table<RelationColumn> {
  oid: string
  schema: string
  /** Changes when columns are added. */
  width: string
  generated: ReadonlySet<string>
}

/** @throws Fault DATABASE_TABLE_UNKNOWN */
export async function describeTable(
  tx: Transaction,
  stream: string,
  schema: string | undefined,
): Promise<Table> {
  const wanted = tableName(stream, schema)
  const sql = qualified(wanted)
  const [found] = await tx.rows(
    `SELECT c.oid, n.nspname, c.relname, c.relnatts,
       ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND attnotnull),
       ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND attgenerated <> '')
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = to_regclass($1)`,
    [sql],
  )
  if (!found) throw await unknownTable(tx, stream)
  const [oid = '', space, name, width, notNull, generated] = found.map((cell) => cell ?? '')
  const indexes = await tx.rows(
    `SELECT i.indisprimary, i.indisunique AND i.indpred IS NULL AND i.indisvalid,
       ARRAY(SELECT a.attname::text FROM unnest(i.indkey[0:i.indnkeyatts - 1]) WITH ORDINALITY k(att, place)
             JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.att ORDER BY k.place), i.indnkeyatts
     FROM pg_index i WHERE i.indrelid = $1`,
    [oid],
  )
  // an index over an expression has fewer columns by name than by number
  const plain = indexes
    .map(([primary, unique, columns, count]) => ({
      primary,
      unique,
      columns: texts(columns),
      count: Number(count),
    }))
    .filter(({ columns, count }) => columns.length === count)
  return {
    ...(await describeRelation(tx, sql)),
    oid,
    schema: space ?? '',
    name: name ?? '',
    width: width ?? '',
    notNull: new Set(texts(notNull)),
    generated: new Set(texts(generated)),
    primaryKey: plain.find(({ primary }) => primary === 't')?.columns ?? [],
    unique: plain.filter(({ unique }) => unique === 't').map(({ columns }) => columns),
    indexed: plain.map(({ columns }) => columns),
  }
}

/** The columns of anything that can stand in FROM, with the types that its rows have. */
export async function describeRelation(tx: Transaction, sql: string): Promise<Relation> {
  const { fields } = await tx.query(`SELECT * FROM ${sql} t LIMIT 0`)
  const types = await tx.rows(
    `SELECT t.oid, coalesce(e.typname, t.typname), e.oid IS NOT NULL, format_type(t.oid, -1)
     FROM pg_type t LEFT JOIN pg_type e ON t.typcategory = 'A' AND e.oid = t.typelem WHERE t.oid = ANY($1::oid[])`,
    [`{${fields.map((field) => field.dataTypeID).join(',')}}`],
  )
  const byOid = new Map(types.map(([oid, name, array, cast]) => [Number(oid), { name, array, cast }]))
  const columns = fields.map(({ name, dataTypeID, dataTypeModifier }) => {
    const type = byOid.get(dataTypeID)
    const typeName = type?.name ?? 'text'
    return {
      name,
      type: { name: typeName, array: type?.array === 't', modifier: dataTypeModifier },
      cast: type?.cast ?? 'text',
    }
  })
  return { sql, columns }
}

export function texts(array: string | null | undefined): string[] {
  return readArray(array ?? '{}', (text) => text).map(String)
}

export const TABLES = `SELECT n.nspname, c.relname, c.oid, nullif(c.reltuples, -1)::bigint
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition AND n.nspname NOT LIKE 'pg\\_%'
    AND n.nspname <> 'information_schema' AND c.relname <> 'tieout_ledger'
    AND has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT, INSERT') ORDER BY 1, 2`

async function unknownTable(tx: Transaction, stream: string): Promise<Fault> {
  const tables = await tx.rows(TABLES)
  const known = tables.flatMap(([schema, table]) => [`${schema ?? ''}.${table ?? ''}`, table ?? ''])
  const detail = `there is no table "${stream}" that this user can see${didYouMean(stream, known)}`
  return new Fault('DATABASE_TABLE_UNKNOWN', detail, { table: stream })
}
