import { column } from '../../shared/core/database/table'
import type { Ledger } from '../../shared/core/record/ledger'
import type { DataRecord } from '../../shared/core/record/value'
import { printArray } from './array'
import { named, names } from './sql'
import type { Relation } from './table'
import type { Transaction } from './transaction'
import { recordReader, textPrinter } from './values'

/** Records by key, in the order asked. Of rows with the same key, one. */
export async function lookup(
  tx: Transaction,
  relation: Relation,
  key: readonly string[],
  keys: readonly DataRecord[],
  ledger: Ledger,
): Promise<(DataRecord | undefined)[]> {
  const found = new Array<DataRecord | undefined>(keys.length).fill(undefined)
  const columns = key.map((field) => column(relation, field, relation.sql))
  const wanted = columns.map((one) => {
    const print = textPrinter(one, ledger)
    return printArray(
      keys.map((record) => record[one.name] ?? null),
      print,
    )
  })
  const parts = columns.map((_, i) => `k${i}`)
  const rows = await tx.rows(
    `SELECT k.n, ${names(
      relation.columns.map((one) => one.name),
      't',
    )}
     FROM unnest(${columns.map((_, i) => `$${i + 1}::text[]`).join(', ')}) WITH ORDINALITY AS k(${[...parts, 'n'].join(', ')})
     JOIN ${relation.sql} t ON ${columns.map((one, i) => `${named(one.name, 't')} = k.k${i}::${one.cast}`).join(' AND ')}`,
    wanted,
  )
  const read = recordReader(relation.columns)
  for (const [n, ...row] of rows) found[Number(n) - 1] = read(row)
  return found
}
