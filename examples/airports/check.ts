import { readFileSync } from 'node:fs'
import { count } from '../../cli/print/number'
import { verifyReceipt } from '../../shared/core/bulk-sync/receipt'
import { textOf, type DataRecord } from '../../shared/core/record/value'
import type { Held } from './registry-api'
import type { Run } from './sync'

export interface Finding {
  holds: boolean
  text: string
}

/** Compares the file, the registry's own books and the two runs. */
export function findingsOf(
  airports: readonly DataRecord[],
  books: ReadonlyMap<string, Held>,
  { first, second }: { first: Run; second: Run },
): Finding[] {
  const left = new Set(first.exceptions.map(({ record }) => textOf(record['ident'])))
  const expected = airports.filter(({ ident }) => !left.has(textOf(ident)))
  return [
    {
      holds: books.size === expected.length && expected.every((airport) => isHeld(airport, books)),
      text: `The registry holds exactly the ${count(expected.length)} airports that it should, with the file's values.`,
    },
    {
      holds: [...books.values()].every(({ writes }) => writes === 1),
      text: 'Each of them was written exactly once.',
    },
    { holds: second.log.writeCalls === 0, text: 'The second run sent nothing to the registry.' },
    {
      holds: [first, second].every(({ files }) => verifyReceipt(receiptIn(files.receipt)).balanced),
      text: 'Both receipts add up and were not changed since.',
    },
  ]
}

function isHeld(airport: DataRecord, books: ReadonlyMap<string, Held>): boolean {
  const record = books.get(textOf(airport['ident']))?.record
  return (
    record !== undefined &&
    record['name'] === textOf(airport['name']).trim() &&
    Number(record['latitude']) === Number(airport['latitude_deg']) &&
    Number(record['longitude']) === Number(airport['longitude_deg'])
  )
}

function receiptIn(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'))
}
