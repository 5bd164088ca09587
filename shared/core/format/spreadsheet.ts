import { CountingLedger } from '../record/ledger'
import type { DataRecord } from '../record/value'
import { CSV_DEFAULTS, csvFormat } from './csv'
import { escapeFormula } from './csv-formula'

/**
 * CSV for a spreadsheet, which runs none of it as a formula.
 * @param pages read twice: every column of any record is in the head
 * @param name for messages
 */
export function spreadsheetCsv(
  name: string,
  pages: () => AsyncIterable<DataRecord[]>,
): AsyncIterable<Uint8Array> {
  const safe = async function* (): AsyncGenerator<DataRecord[]> {
    for await (const page of pages()) yield page.map(withoutFormulas)
  }
  // spreadsheets take it for UTF-8 only with a byte order mark
  const csv = csvFormat({ ...CSV_DEFAULTS, bom: true, formulas: 'keep' })
  return csv.write(safe, { name, ledger: new CountingLedger() })
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
