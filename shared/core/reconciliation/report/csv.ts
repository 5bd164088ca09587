import { CSV_DEFAULTS, csvFormat } from '../../format/csv'
import { escapeFormula } from '../../format/csv-formula'
import type { Cells, Sheet } from '../../format/workbook/write'
import { CountingLedger } from '../../record/ledger'
import type { DataRecord } from '../../record/value'
import type { Report } from './report'
import { breaksTable, totalsTable } from './tables'

export type CsvFile = 'breaks.csv' | 'totals.csv'

/** Files of a report by name: RFC 4180 with CRLF, a byte order mark so that spreadsheets take them for UTF-8. */
export async function csvReport(report: Report): Promise<Record<CsvFile, AsyncIterable<Uint8Array>>> {
  return {
    'breaks.csv': csvOf(await breaksTable(report)),
    'totals.csv': csvOf(totalsTable(report)),
  }
}

/** Formulas are escaped here, in titles too; the writer would refuse those. */
function csvOf({ name, columns, rows }: Sheet): AsyncIterable<Uint8Array> {
  const titles = columns.map(({ title }) => escapeFormula(title))
  const record = (cells: Cells): DataRecord =>
    Object.fromEntries(
      titles.map((title, at) => {
        const value = cells[at] ?? null
        return [title, typeof value === 'string' ? escapeFormula(value) : value]
      }),
    )
  const format = csvFormat({ ...CSV_DEFAULTS, columns: titles, bom: true, eol: '\r\n', formulas: 'keep' })
  const batches = async function* (): AsyncGenerator<DataRecord[]> {
    for await (const page of rows()) yield page.map(record)
  }
  return format.write(batches, { name, ledger: new CountingLedger() })
}
