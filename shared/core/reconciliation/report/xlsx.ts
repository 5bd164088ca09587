import { writeWorkbook } from '../../format/workbook/write'
import type { Packer } from '../../format/zip'
import type { Report } from './report'
import { breaksTable, causesTable, rulesTable, tieOutTable, totalsTable } from './tables'

/** @param packer makes the file small, where the host has one */
export async function* xlsxReport(report: Report, packer?: Packer): AsyncIterable<Uint8Array> {
  const sheets = [
    tieOutTable(report),
    totalsTable(report),
    await breaksTable(report),
    causesTable(report),
    rulesTable(report),
  ]
  yield* writeWorkbook(sheets, 'report.xlsx', packer)
}
