import { encoding, fileSpec } from '../../shared/core/file-stream/spec'

export const spec = fileSpec({
  name: 'ndjson',
  title: 'NDJSON files',
  summary:
    'Reads and writes files with one JSON object per line (JSON Lines), also packed with gzip and from a URL.',
  reading: encoding,
  writing: {},
  example: `connections:
  files: { connector: ndjson, folder: ./data }
workflows:
  stock:
    key: [sku]
    source: { connection: files, stream: 'stock-*.ndjson' }
    target: { connection: files, stream: stock.ndjson }
    sync: { mode: upsert }
`,
})
