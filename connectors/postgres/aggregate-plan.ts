import { column } from '../../shared/core/database/table'
import type { SnapshotRequest } from '../../shared/core/snapshot'
import { digested, isScalarType, keyHash, rowHash, withoutHash, type Digested } from './digest'
import type { RelationColumn, Table } from './table'
import { amountOf, groupOf, isTime } from './totals'

/** The statements of a snapshot, without what the server must be asked for. */
export interface Plan {
  /** Of the record without those whose key has no hash of its own. */
  keyHash: string
  withoutHash: string | undefined
  rowHash: string
  types: string
  groups: readonly { sql: string; column: RelationColumn }[]
  amounts: readonly string[]
  changed: RelationColumn | undefined
}

/** Undefined where the answers could differ from what reading the records gives. */
export function planOf(table: Table, request: SnapshotRequest): Plan | undefined {
  const find = (field: string): RelationColumn => column(table, field, table.name)
  const key = request.key.map(find)
  const fields = request.fields.filter((field) => !request.key.includes(field)).map(find)
  const groups = request.dimensions.map(({ field, by }) => {
    const found = find(field)
    return { sql: groupOf(found, by), column: found }
  })
  const amounts = request.measures.map((measure) => amountOf(measure.fields.map(find)))
  const known = groups.flatMap(({ sql, column: found }) =>
    sql === undefined ? [] : [{ sql, column: found }],
  )
  const exact = amounts.filter((amount) => amount !== undefined)
  if (key.length === 0 || !key.every(isScalarType)) return undefined
  if (known.length < groups.length || exact.length < amounts.length) return undefined
  const changed = request.changed === undefined ? undefined : find(request.changed)
  if (changed && !isTime(changed)) return undefined
  const keyDigest = key.map(digested)
  const digest: Digested[] = [...keyDigest, ...fields.map(digested)]
  return {
    keyHash: keyHash(keyDigest),
    withoutHash: withoutHash(key, table.notNull),
    rowHash: rowHash(digest),
    types: digest.map(({ type }) => type).join(','),
    groups: known,
    amounts: exact,
    changed,
  }
}
