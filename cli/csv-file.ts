import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { CSV_DEFAULTS, csvFormat } from '../shared/core/format/csv'
import { escapeFormula } from '../shared/core/format/csv-formula'
import { CountingLedger } from '../shared/core/record/ledger'
import type { DataRecord } from '../shared/core/record/value'

/**
 * Writes records for a spreadsheet, which runs none of them as a formula.
 * @param pages read twice: every column of any record is in the head
 * @returns how many
 */
export async function writeCsv(path: string, pages: () => AsyncIterable<DataRecord[]>): Promise<number> {
  let written = 0
  const safe = async function* (): AsyncGenerator<DataRecord[]> {
    written = 0
    for await (const page of pages()) {
      written += page.length
      yield page.map(withoutFormulas)
    }
  }
  // spreadsheets take it for UTF-8 only with a byte order mark
  const csv = csvFormat({ ...CSV_DEFAULTS, bom: true, formulas: 'keep' })
  await pipeline(csv.write(safe, { name: path, ledger: new CountingLedger() }), createWriteStream(path))
  return written
}

/** The writer would do that to values, and refuse names. */
function withoutFormulas(record: DataRecord): DataRecord {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [
      escapeFormula(name),
      typeof value === 'string' ? escapeFormula(value) : value,
    ]),
  )
}
