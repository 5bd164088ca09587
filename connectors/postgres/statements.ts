import { literal, name, named, names, qualified } from './sql'
import type { Table } from './table'

/** Where a batch waits to be merged: a temporary table with the columns of the target and the ordinal of each write. */
const ORDINAL = name('tieout_n')

/** The SQL of a batch whose records all have the same fields. */
export interface Shape {
  table: Table
  key: readonly string[]
  /** Fields of the records, the key included. */
  fields: readonly string[]
}

function stageName(table: Table): string {
  return qualified({ schema: 'pg_temp', table: `tieout_stage_${table.oid}_${table.width}` })
}

/** `IF NOT EXISTS`: a pooler in between may give another session each time. */
export function createStage(table: Table): string {
  const stage = name(`tieout_stage_${table.oid}_${table.width}`)
  // Without hash and merge joins the rows of a batch are looked up through the index of the key; nobody knows how many
  // rows the stage has, and with a wrong guess the server would read the whole table for each batch.
  return `SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off;
    CREATE TEMP TABLE IF NOT EXISTS ${stage} ON COMMIT DELETE ROWS AS
    SELECT 0 AS ${ORDINAL}, t.* FROM ${table.sql} t WITH NO DATA`
}

export function copyToStage({ table, fields }: Shape): string {
  return `COPY ${stageName(table)} (${[ORDINAL, names(fields)].join(', ')}) FROM STDIN`
}

export function copyToTable({ table, fields }: Shape): string {
  return `COPY ${table.sql} (${names(fields)}) FROM STDIN`
}

/**
 * Compares the stage with the table. The first row has the number of new records and their ordinals (null when all
 * are new); the others have ordinal and old values of each record that differs. In the order of the key the pages of
 * the index are met one after the other, which spares a quarter of the time.
 */
export function compare(shape: Shape, writes: number): string {
  const { table, key } = shape
  const [first = ''] = key
  const isNew = `${named(first, 't')} IS NULL`
  const old = shape.fields
  const values = old.map((field, i) => `${named(field, 't')} AS old_${i}`)
  return `WITH compared AS MATERIALIZED (
      SELECT s.${ORDINAL} AS n, ${[`${isNew} AS new`, ...values].join(', ')}
      FROM (SELECT * FROM ${stageName(table)} ORDER BY ${names(key)}) s LEFT JOIN ${table.sql} t ON ${sameKey(key)}
      WHERE ${isNew}${differs(shape)})
    SELECT NULL::int, count(*), CASE WHEN count(*) < ${writes} THEN array_agg(n) END
      ${old.map(() => ', NULL').join('')} FROM compared WHERE new
    UNION ALL SELECT n, NULL, NULL ${old.map((_, i) => `, old_${i}`).join('')} FROM compared WHERE NOT new`
}

/** All of the stage, or the given ordinals. An identity column takes the record's value, as it does from COPY. */
export function insert({ table, fields }: Shape, all: boolean): string {
  return `INSERT INTO ${table.sql} (${names(fields)}) OVERRIDING SYSTEM VALUE SELECT ${names(fields, 's')} FROM ${stageName(table)} s
    ${all ? '' : `WHERE s.${ORDINAL} = ANY($1::int[])`}`
}

export function update(shape: Shape): string {
  const { table, key } = shape
  const assignments = valueFields(shape).map((field) => `${name(field)} = ${named(field, 's')}`)
  return `UPDATE ${table.sql} t SET ${assignments.join(', ')} FROM ${stageName(table)} s
    WHERE s.${ORDINAL} = ANY($1::int[]) AND ${sameKey(key)}`
}

export function remove({ table, key }: Shape, old: readonly string[]): string {
  return `DELETE FROM ${table.sql} t USING ${stageName(table)} s WHERE ${sameKey(key)}
    RETURNING ${[`s.${ORDINAL}`, names(old, 't')].join(', ')}`
}

export function truncateStage(table: Table): string {
  return `TRUNCATE ${stageName(table)}`
}

function valueFields({ fields, key }: Shape): string[] {
  return fields.filter((field) => !key.includes(field))
}

function sameKey(key: readonly string[]): string {
  return key.map((field) => `${named(field, 't')} = ${named(field, 's')}`).join(' AND ')
}

/** Types without an equality of their own, and those whose equality overlooks letter case. */
const COMPARED_AS: Readonly<Record<string, string>> = {
  json: '::jsonb',
  xml: '::text',
  point: '::text',
  polygon: '::text',
  // equal areas or lengths are equal to these
  box: '::text',
  circle: '::text',
  path: '::text',
  lseg: '::text',
  citext: '::text',
}

function differs(shape: Shape): string {
  const fields = valueFields(shape)
  const types = new Map(shape.table.columns.map((column) => [column.name, column.type]))
  const side = (alias: string): string =>
    fields.map((field) => named(field, alias) + (castOf(types.get(field)) ?? '')).join(', ')
  return fields.length === 0 ? '' : ` OR ROW(${side('t')}) IS DISTINCT FROM ROW(${side('s')})`
}

function castOf(type: { name: string; array: boolean } | undefined): string | undefined {
  if (type === undefined) return undefined
  const cast = COMPARED_AS[type.name]
  return cast !== undefined && type.array ? '::text' : cast
}

/** What stands for the content of the table as a whole. */
export function identity(table: Table): string {
  const name = literal(table.sql)
  return `SELECT ${name}::regclass::oid || ':' || pg_relation_filenode(${name}::regclass)`
}

export function count(table: Table): string {
  return `SELECT count(*) FROM ${table.sql}`
}
