import type { IBinaryKeyData, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow'
import { csvReport } from '../../../shared/core/reconciliation/report/csv'
import { htmlReport } from '../../../shared/core/reconciliation/report/html'
import type { Report } from '../../../shared/core/reconciliation/report/report'
import { xlsxReport } from '../../../shared/core/reconciliation/report/xlsx'
import { signer } from '../../host/signer'
import type { Found } from './found'

const PAGE = 1000

export type ReportForm = 'html' | 'xlsx' | 'csv'

export const MEDIA = {
  html: 'text/html',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv',
} as const

/** Adds the report in the chosen forms as binary data of the summary. */
export async function attachReports(
  { helpers }: IExecuteFunctions,
  item: INodeExecutionData,
  { result, breaks }: Found,
  forms: readonly ReportForm[],
): Promise<void> {
  if (forms.length === 0 || result.fault) return
  const report: Report = {
    reconciliation: result,
    async *breaks() {
      for (let at = 0; at < breaks.length; at += PAGE)
        yield await Promise.resolve(breaks.slice(at, at + PAGE))
    },
    signatures: [],
  }
  const binary: IBinaryKeyData = {}
  const attach = async (name: string, content: Buffer, file: string, type: string): Promise<void> => {
    binary[name] = await helpers.prepareBinaryData(content, file, type)
  }
  if (forms.includes('html'))
    await attach('report', Buffer.from(await htmlReport(report, signer)), 'reconciliation.html', MEDIA.html)
  if (forms.includes('xlsx'))
    await attach('workbook', await whole(xlsxReport(report)), 'reconciliation.xlsx', MEDIA.xlsx)
  if (forms.includes('csv')) {
    const csv = await csvReport(report)
    await attach('breaks', await whole(csv['breaks.csv']), 'breaks.csv', MEDIA.csv)
    await attach('totals', await whole(csv['totals.csv']), 'totals.csv', MEDIA.csv)
  }
  item.binary = binary
}

async function whole(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of bytes) chunks.push(chunk)
  return Buffer.concat(chunks)
}
