import { fileSpec } from '../../shared/core/file-stream/spec'

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

export const spec = fileSpec({
  name: 'xml',
  title: 'XML files',
  summary:
    'Reads and writes XML documents with one element per record, also packed with gzip and from a URL.',
  reading: shape,
  writing: shape,
  example: `connections:
  files: { connector: xml, folder: ./data }
workflows:
  stock:
    key: [sku]
    source: { connection: files, stream: catalog.xml, path: /catalog/item }
    target: { connection: files, stream: stock.xml, path: /stock/item }
    sync: { mode: upsert }
`,
})
