import type { ConnectorSpec } from '../../shared/core/connector'
import type { JsonSchema } from '../../shared/core/ports'
import { encodings } from '../../shared/core/format/text'

const reading = {
  encoding: {
    enum: encodings,
    title: 'Encoding',
    description: 'Of files that are read. A byte order mark in the file comes first; else this; else UTF-8.',
    default: 'utf-8',
  },
}

const folder = {
  folder: {
    type: 'string',
    title: 'Folder',
    description: 'Where the files are, from the folder of the definition.',
  },
}

function schema(properties: Record<string, JsonSchema>): JsonSchema {
  return { type: 'object', properties, additionalProperties: false }
}

export const spec: ConnectorSpec = {
  name: 'ndjson',
  title: 'NDJSON files',
  summary:
    'Reads and writes files with one JSON object per line (JSON Lines), also packed with gzip and from a URL.',
  settings: schema({ ...folder, ...reading }),
  sourceSettings: schema(reading),
  targetSettings: schema({}),
  reads: true,
  writes: true,
  incremental: false,
  modes: ['append', 'insert-only', 'update-only', 'upsert', 'mirror'],
  example: `connections:
  files: { connector: ndjson, folder: ./data }
workflows:
  stock:
    key: [sku]
    source: { connection: files, stream: 'stock-*.ndjson' }
    target: { connection: files, stream: stock.ndjson }
    sync: { mode: upsert }
`,
}
