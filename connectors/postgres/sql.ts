import { escapeIdentifier } from 'pg'

export { escapeIdentifier as name, escapeLiteral as literal } from 'pg'

export interface TableName {
  schema: string | undefined
  table: string
}

const NAME = /^(?:(?:"([^"]+)"|([^".]+))\.)?(?:"([^"]+)"|([^"]+))$/

/** `table`, `schema.table` or, where a name itself has a dot, `"schema"."ta.ble"`. Names are taken as they stand. */
export function tableName(stream: string, schema: string | undefined): TableName {
  const parts = NAME.exec(stream)
  return { schema: parts?.[1] ?? parts?.[2] ?? schema, table: parts?.[3] ?? parts?.[4] ?? stream }
}

export function names(columns: readonly string[], alias?: string): string {
  return columns.map((column) => named(column, alias)).join(', ')
}

export function named(column: string, alias?: string): string {
  return alias === undefined ? escapeIdentifier(column) : `${alias}.${escapeIdentifier(column)}`
}

export function qualified(name: TableName): string {
  return named(name.table, name.schema === undefined ? undefined : escapeIdentifier(name.schema))
}
