import { encoding, fileSpec } from '../../shared/core/file-stream/spec'

const path = {
  path: {
    type: 'string',
    title: 'Path',
    description: 'Where the list of records is: `data.items` or `/data/items`; empty: the document itself.',
    default: '',
  },
}

export const spec = fileSpec({
  name: 'json',
  title: 'JSON files',
  summary:
    'Reads and writes JSON documents that hold a list of records, also packed with gzip and from a URL.',
  reading: { ...path, ...encoding },
  writing: path,
  example: `connections:
  files: { connector: json, folder: ./data }
workflows:
  stock:
    key: [sku]
    source: { connection: files, stream: 'stock-*.json', path: data.items }
    target: { connection: files, stream: stock.json }
    sync: { mode: upsert }
`,
})
