import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { deflate } from '../connectors/xlsx/deflate'
import { signer } from '../shared/adapters/signer'
import { csvReport } from '../shared/core/reconciliation/report/csv'
import { htmlReport } from '../shared/core/reconciliation/report/html'
import { jsonReport } from '../shared/core/reconciliation/report/json'
import type { Report } from '../shared/core/reconciliation/report/report'
import { xlsxReport } from '../shared/core/reconciliation/report/xlsx'
import { orFault } from './or-fault'

export const FORMATS = ['html', 'xlsx', 'csv', 'json'] as const
export type ReportFormat = (typeof FORMATS)[number]

/**
 * Writes a report.
 * @param path of a file; of a folder for CSV, which is two files
 * @returns the files
 */
export async function writeReport(report: Report, format: ReportFormat, path: string): Promise<string[]> {
  if (format !== 'csv') return [await write(path, contentOf(report, format))]
  const files: string[] = []
  for (const [name, bytes] of Object.entries(await csvReport(report)))
    files.push(await write(join(path, name), bytes))
  return files
}

async function* contentOf(
  report: Report,
  format: Exclude<ReportFormat, 'csv'>,
): AsyncGenerator<string | Uint8Array> {
  if (format === 'html') yield await htmlReport(report, signer)
  else yield* format === 'xlsx' ? xlsxReport(report, deflate) : jsonReport(report)
}

async function write(path: string, content: AsyncIterable<string | Uint8Array>): Promise<string> {
  await orFault(path, async () => {
    await mkdir(dirname(path), { recursive: true })
    await pipeline(content, createWriteStream(path))
  })
  return path
}
