import { csv } from '../../../connectors/csv'
import { propertiesOf } from '../../../shared/core/mapping/schema'
import { compileMapping } from '../../../shared/core/mapping/compile'
import type { SideInput } from '../../../shared/core/reconciliation/side'
import { textOf, type DataRecord, type Value } from '../../../shared/core/record/value'
import type { FileBench } from '../../connectors/files/bench'
import { MemorySource } from '../../support/memory-systems'
import type { Truth } from './books'

/** As they are, without any system between. */
export function inMemory(records: readonly DataRecord[], connection: string): SideInput {
  return {
    source: new MemorySource([...records]),
    mapper: { map: (record) => record },
    connection,
    stream: `${connection}.csv`,
    settings: {},
  }
}

/** As a CSV file, in which null and '' are two; and absent is a third where it is set. */
export async function asCsv(
  files: FileBench,
  records: readonly DataRecord[],
  { schema }: Truth,
  connection: string,
  settings: DataRecord = {},
): Promise<SideInput> {
  const stream = `${connection}.csv`
  await files.put(stream, csvText(records, schema))
  const source = await files.source(csv, stream, settings)
  return { source, mapper: compileMapping(undefined, { schema, typed: false }), connection, stream, settings }
}

export const ABSENT = { absentText: '\\A' }

function csvText(records: readonly DataRecord[], schema: Truth['schema']): string {
  const fields = Object.keys(propertiesOf(schema) ?? {})
  const line = (cells: readonly string[]): string => `${cells.join(',')}\r\n`
  return line(fields) + records.map((record) => line(fields.map((field) => cell(record[field])))).join('')
}

function cell(value: Value | undefined): string {
  if (value === undefined) return ABSENT.absentText
  if (value === null) return ''
  return typeof value === 'string' ? `"${value.replaceAll('"', '""')}"` : textOf(value)
}
