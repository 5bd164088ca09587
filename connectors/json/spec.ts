import type { ConnectorSpec } from '../../shared/core/connector'
import type { JsonSchema } from '../../shared/core/ports'
import { encodings } from '../../shared/core/format/text'

const path = {
  path: {
    type: 'string',
    title: 'Path',
    description: 'Where the list of records is: `data.items` or `/data/items`; empty: the document itself.',
    default: '',
  },
}

const reading = {
  ...path,
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
  name: 'json',
  title: 'JSON files',
  summary:
    'Reads and writes JSON documents that hold a list of records, also packed with gzip and from a URL.',
  settings: schema({ ...folder, ...reading }),
  sourceSettings: schema(reading),
  targetSettings: schema(path),
  reads: true,
  writes: true,
  incremental: false,
  modes: ['append', 'insert-only', 'update-only', 'upsert', 'mirror'],
  example: `connections:
  files: { connector: json, folder: ./data }
workflows:
  stock:
    key: [sku]
    source: { connection: files, stream: 'stock-*.json', path: data.items }
    target: { connection: files, stream: stock.json }
    sync: { mode: upsert }
`,
}
