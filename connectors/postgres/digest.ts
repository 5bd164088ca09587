import { named } from './sql'
import type { RelationColumn } from './table'

/**
 * 64-bit hashes that PostgreSQL computes. Equal hashes must mean that the values are equal as they are read; different
 * hashes of equal values cost a comparison and nothing else.
 */
export interface Digested {
  /** Of the row `t`. */
  sql: string
  /** What the other side must have too. */
  type: string
}

/**
 * Types with a form that is the same just for values that are equal as read: 1.5 and 1.50, +0 and -0, an instant in any
 * zone. PostgreSQL's own hashes are not always of the whole value: that of int8 and of timestamps folds it to 32 bits
 * (1 and 4294967296 are alike), that of numeric leaves out the sign, those of jsonb and arrays how they are nested, that
 * of intervals takes a month for 30 days, and that of an enum is of an object id.
 */
const HASHED: ReadonlyMap<string, (column: string) => string> = new Map([
  ...['bool', 'bytea', 'date', 'float4', 'float8', 'int2', 'int4', 'text', 'uuid', 'varchar'].map(
    (type) => [type, (column: string) => column] as const,
  ),
  ['int8', (column) => `int8send(${column})`],
  ['numeric', (column) => `numeric_send(trim_scale(${column}))`],
  ['time', (column) => `time_send(${column})`],
  ['timestamp', (column) => `timestamp_send(${column})`],
  ['timestamptz', (column) => `timestamptz_send(${column})`],
])

export function digested(column: RelationColumn): Digested {
  const { name, type } = column
  const hashed = type.array ? undefined : HASHED.get(type.name)
  if (!hashed) return { sql: asText(column), type: type.array ? `${type.name}[]` : type.name }
  return { sql: hashed(named(name, 't')), type: type.name === 'varchar' ? 'text' : type.name }
}

/** As it is read. */
function asText({ name, type }: RelationColumn): string {
  const column = named(name, 't')
  // the cast drops the spaces at the end
  return type.name === 'bpchar' && !type.array ? `bpcharout(${column})::text` : `${column}::text`
}

/** Null is apart from any value: its part of the hash is 0, and with this seed no type gives its 0 that. */
const SEED = 1

/** For finding the same key; hashes of several columns are only added up, each times its own power of 31. */
export function keyHash(key: readonly Digested[]): string {
  return `hash_record_extended(ROW(${key.map(({ sql }) => sql).join(', ')}), ${SEED})`
}

/**
 * For sums over many rows: hashed once more, because in a sum of sums nobody would notice that two rows have exchanged
 * their values.
 */
export function rowHash(columns: readonly Digested[]): string {
  return `hash_record_extended(ROW(int8send(${keyHash(columns)})), ${SEED})`
}

/** Whether values of the type are scalars as read: others are no key, and nothing to group by. */
export function isScalarType({ type }: RelationColumn): boolean {
  return !type.array && type.name !== 'json' && type.name !== 'jsonb'
}

const NO_TEXTS = /^(?:bool|bytea|date|float[48]|int[248]|numeric|time|timestamp|timestamptz|uuid)$/

/** Whether values of the type are read as any text. */
export function isText({ type }: RelationColumn): boolean {
  return !NO_TEXTS.test(type.name)
}

/** The text compared by its bytes, as everything else does that is done with it. */
export function textOf(column: RelationColumn): string {
  return `(${asText(column)} COLLATE "C")`
}

/** Texts that are date-times with a zone: other texts can be the same instant. */
export function mayBeInstant(text: string): string {
  return `${text} LIKE '____-__-__T__:__:__%'`
}

/**
 * A condition that holds for rows that the hash of the key says nothing about: a part has no value, or it is a text that
 * can be written in several ways. Undefined where no row can be one.
 */
export function withoutHash(
  key: readonly RelationColumn[],
  notNull: ReadonlySet<string>,
): string | undefined {
  const conditions: string[] = []
  for (const column of key) {
    const value = named(column.name, 't')
    if (!notNull.has(column.name)) conditions.push(`${value} IS NULL`)
    if (column.type.name === 'bytea') conditions.push(`length(${value}) = 0`)
    if (isText(column)) conditions.push(`${textOf(column)} = ''`, mayBeInstant(textOf(column)))
  }
  return conditions.length === 0 ? undefined : conditions.join(' OR ')
}
