import { csv } from '../../../connectors/csv'
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

/** As a CSV file, in which absent, null and '' are three. */
export async function asCsv(
  files: FileBench,
  records: readonly DataRecord[],
  { schema }: Truth,
  connection: string,
): Promise<SideInput> {
  const stream = `${connection}.csv`
  const settings = { absentText: '\\A' }
  await files.put(stream, csvText(records, schema))
  const source = await files.source(csv, stream, settings)
  return { source, mapper: compileMapping(undefined, { schema, typed: false }), connection, stream, settings }
}

function csvText(records: readonly DataRecord[], schema: Truth['schema']): string {
  const fields = typeof schema === 'object' ? Object.keys(schema.properties ?? {}) : []
  const line = (cells: readonly string[]): string => `${cells.join(',')}\r\n`
  return line(fields) + records.map((record) => line(fields.map((field) => cell(record[field])))).join('')
}

function cell(value: Value | undefined): string {
  if (value === undefined) return '\\A'
  if (value === null) return ''
  return typeof value === 'string' ? `"${value.replaceAll('"', '""')}"` : textOf(value)
}
