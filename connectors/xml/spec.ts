import { fileSpec } from '../../shared/core/file-stream/spec'
import { xmlSettings } from '../../shared/core/format/xml/settings'

const shape = {
  path: {
    type: 'string',
    title: 'Record element',
    description:
      '`/catalog/item` from the root, or `item` wherever it is. Without it every child of the root is a record, ' +
      'and `/records/record` is written.',
  },
  ...xmlSettings,
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
