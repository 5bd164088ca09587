import { fileSpec } from '../../shared/core/file-stream/spec'
import { encodings } from '../../shared/core/format/text'

const sign = { type: 'string', minLength: 1, maxLength: 1 }

const reading = {
  delimiter: {
    ...sign,
    title: 'Delimiter',
    description: 'Between two fields. Found out from the first lines when reading; a comma when writing.',
  },
  quote: {
    type: 'string',
    maxLength: 1,
    title: 'Quote',
    description: 'Around fields that hold the delimiter or a line break; empty: nothing is quoted.',
    default: '"',
  },
  escape: {
    ...sign,
    title: 'Escape',
    description: 'Before a quote inside quotes; the quote itself where quotes are doubled.',
    default: '"',
  },
  encoding: {
    enum: encodings,
    title: 'Encoding',
    description: 'A byte order mark in the file comes first; else this; else UTF-8.',
    default: 'utf-8',
  },
  header: {
    type: 'boolean',
    title: 'Header row',
    description: 'Whether the first row names the fields. False without saying so when `columns` is set.',
    default: true,
  },
  columns: {
    type: 'array',
    items: { type: 'string', minLength: 1 },
    minItems: 1,
    title: 'Columns',
    description: 'Names of the fields in their order; with `header: true` in place of those in the file.',
  },
  empty: {
    enum: ['null', 'text', 'absent'],
    title: 'Empty field',
    description:
      'What nothing between two delimiters means: null, an empty text, or no such field. `""` is an empty text.',
    default: 'null',
  },
  nullText: {
    type: 'string',
    minLength: 1,
    title: 'Text for null',
    description: 'An unquoted field that stands for null, such as \\N.',
  },
  absentText: {
    type: 'string',
    minLength: 1,
    title: 'Text for absent',
    description: 'An unquoted field that stands for a field that the record does not have.',
  },
  formulas: {
    enum: ['escape', 'keep'],
    title: 'Formulas',
    description:
      'escape: texts that a spreadsheet would run get a leading apostrophe when written, and lose it when read. ' +
      'keep: as they are. Targets escape, sources keep.',
  },
}

const writing = {
  eol: { enum: ['\n', '\r\n'], title: 'Line end', description: 'After each row written.', default: '\n' },
  bom: {
    type: 'boolean',
    title: 'Byte order mark',
    description: 'Written at the beginning, so that Excel takes the file for UTF-8.',
    default: false,
  },
}

export const spec = fileSpec({
  name: 'csv',
  title: 'CSV files',
  summary: 'Reads and writes CSV, TSV and other delimited text, also packed with gzip and from a URL.',
  reading,
  writing: { ...reading, ...writing },
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
