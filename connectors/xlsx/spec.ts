import { fileSpec } from '../../shared/core/file-stream/spec'

const shape = {
  sheet: {
    type: ['string', 'integer'],
    minLength: 1,
    maxLength: 31,
    minimum: 1,
    title: 'Sheet',
    description: 'Its name, or its place from 1.',
    default: 1,
  },
  header: {
    type: 'boolean',
    title: 'Header row',
    description: 'Whether a row names the fields. False without saying so when `columns` is set.',
    default: true,
  },
  headerRow: {
    type: 'integer',
    minimum: 1,
    title: 'Number of the header row',
    description: 'Rows above it are passed over. The header is the first row from here with something in it.',
    default: 1,
  },
  columns: {
    type: 'array',
    items: { type: 'string', minLength: 1 },
    minItems: 1,
    title: 'Columns',
    description: 'Names of the fields from column A; with `header: true` in place of those in the sheet.',
  },
}

export const spec = fileSpec({
  name: 'xlsx',
  title: 'Excel workbooks',
  summary:
    'Reads and writes a sheet of an XLSX workbook; formulas are read as the values last seen, never written.',
  reading: shape,
  writing: shape,
  example: `connections:
  files: { connector: xlsx, folder: ./data }
workflows:
  stock:
    key: [sku]
    source: { connection: files, stream: stock-new.xlsx, sheet: Stock }
    target: { connection: files, stream: stock.xlsx }
    sync: { mode: upsert }
`,
})
