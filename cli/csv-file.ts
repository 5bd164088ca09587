import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { spreadsheetCsv } from '../shared/core/format/spreadsheet'
import type { DataRecord } from '../shared/core/record/value'
import { orFault } from './or-fault'

/**
 * Writes records for a spreadsheet.
 * @param pages read twice
 * @returns how many
 */
export async function writeCsv(path: string, pages: () => AsyncIterable<DataRecord[]>): Promise<number> {
  let written = 0
  const counted = async function* (): AsyncGenerator<DataRecord[]> {
    written = 0
    for await (const page of pages()) {
      written += page.length
      yield page
    }
  }
  await orFault(path, () => pipeline(spreadsheetCsv(path, counted), createWriteStream(path)))
  return written
}
