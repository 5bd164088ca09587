import type { ConnectorSpec } from '../../shared/core/connector'
import type { JsonSchema } from '../../shared/core/ports'

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
  name: 'xlsx',
  title: 'Excel workbooks',
  summary:
    'Reads and writes a sheet of an XLSX workbook; formulas are read as the values last seen, never written.',
  settings: schema({ ...folder, ...shape }),
  sourceSettings: schema(shape),
  targetSettings: schema(shape),
  reads: true,
  writes: true,
  incremental: false,
  modes: ['append', 'insert-only', 'update-only', 'upsert', 'mirror'],
  example: `connections:
  files: { connector: xlsx, folder: ./data }
workflows:
  stock:
    key: [sku]
    source: { connection: files, stream: stock-new.xlsx, sheet: Stock }
    target: { connection: files, stream: stock.xlsx }
    sync: { mode: upsert }
`,
}
