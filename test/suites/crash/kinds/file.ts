import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import type { DataRecord } from '../../../../shared/core/record/value'
import { recordOf } from '../data'
import type { Kind } from './kind'

/** Files stand in the folder of the definition. */
export function fileKind(connector: 'csv' | 'ndjson'): Kind {
  const name = `target.${connector}`
  return {
    name: `${connector} file`,
    repeats: 'recognised',
    open: (folder) =>
      Promise.resolve({
        connection: { connector, folder: '.' },
        stream: name,
        content: () => {
          const path = join(folder, name)
          const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
          return Promise.resolve(connector === 'csv' ? csvRecords(text) : ndjsonRecords(text))
        },
        save: () => Promise.resolve(() => Promise.resolve()),
        close: () => Promise.resolve(),
      }),
  }
}

function csvRecords(text: string): DataRecord[] {
  const records: DataRecord[] = parse(text, { columns: true })
  return records
}

function ndjsonRecords(text: string): DataRecord[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map(recordOf)
}
