import { MalformedRow, type StreamInfo } from '../connector'
import { BEGINNING, type Format } from '../format/format'
import type { Files } from '../ports'
import { inferSchema } from '../record/infer-schema'
import type { DataRecord } from '../record/value'
import { shownAddress } from '../shown-address'

const SAMPLE = 1000

/** The schema of a file's first records; none where they cannot be read. */
export async function sample(
  files: Files,
  format: Format,
  path: string,
): Promise<Pick<StreamInfo, 'schema'>> {
  const records = await firstRecords(files, format, path, SAMPLE).catch(() => [])
  return records.length === 0 ? {} : { schema: inferSchema(records, { typed: format.typed }) }
}

export async function firstRecords(
  files: Files,
  format: Format,
  path: string,
  count: number,
): Promise<DataRecord[]> {
  const records: DataRecord[] = []
  const input = { name: shownAddress(path), open: (start?: number) => files.read(path, start) }
  for await (const { rows } of format.read(input, BEGINNING)) {
    for (const row of rows) if (!(row instanceof MalformedRow) && records.length < count) records.push(row)
    if (records.length === count) break
  }
  return records
}
