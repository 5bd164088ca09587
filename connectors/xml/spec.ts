import type { ConnectorSpec } from '../../shared/core/connector'
import type { JsonSchema } from '../../shared/core/ports'

const shape = {
  path: {
    type: 'string',
    title: 'Record element',
    description:
      '`/catalog/item` from the root, or `item` wherever it is. Without it every child of the root is a record, ' +
      'and `/records/record` is written.',
  },
  namespaces: {
    type: 'object',
    additionalProperties: { type: 'string', minLength: 1 },
    title: 'Namespaces',
    description: 'Prefix to namespace name. Names in them become `prefix:name`; all others are local names.',
  },
  lists: {
    type: 'array',
    items: { type: 'string', minLength: 1 },
    title: 'Lists',
    description: 'Elements that are lists even where there is only one.',
  },
  empty: {
    enum: ['text', 'null'],
    title: 'Empty element',
    description: 'What <a/> and <a></a> mean: an empty text or null. xsi:nil="true" is always null.',
    default: 'text',
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
  name: 'xml',
  title: 'XML files',
  summary:
    'Reads and writes XML documents with one element per record, also packed with gzip and from a URL.',
  settings: schema({ ...folder, ...shape }),
  sourceSettings: schema(shape),
  targetSettings: schema(shape),
  reads: true,
  writes: true,
  incremental: false,
  modes: ['append', 'insert-only', 'update-only', 'upsert', 'mirror'],
  example: `connections:
  files: { connector: xml, folder: ./data }
workflows:
  stock:
    key: [sku]
    source: { connection: files, stream: catalog.xml, path: /catalog/item }
    target: { connection: files, stream: stock.xml, path: /stock/item }
    sync: { mode: upsert }
`,
}
