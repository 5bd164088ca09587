import { fileSpec } from '../../shared/core/file-stream/spec'
import { csvReading, csvWriting } from '../../shared/core/format/csv-settings'

export const spec = fileSpec({
  name: 'csv',
  title: 'CSV files',
  summary: 'Reads and writes CSV, TSV and other delimited text, also packed with gzip and from a URL.',
  reading: csvReading,
  writing: csvWriting,
  example: `connections:
  files: { connector: csv, folder: ./data }
workflows:
  stock:
    key: [sku]
    source: { connection: files, stream: stock-new.csv, delimiter: ';' }
    target: { connection: files, stream: stock.csv }
    sync: { mode: upsert }
`,
})
