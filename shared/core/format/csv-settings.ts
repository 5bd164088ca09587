import { choice, flag, names, number, text } from '../settings'
import { CSV_DEFAULTS, type CsvDialect } from './csv-dialect'
import { encodings } from './text'
import type { DataRecord } from '../record/value'

const sign = { type: 'string', minLength: 1, maxLength: 1 }

/** The settings of CSV, read or written, as properties of a JSON Schema. */
const common = {
  delimiter: {
    ...sign,
    title: 'Delimiter',
    description:
      'Between two fields. Found out from the first lines of a file that is there; a comma in a new one.',
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
      'keep: as they are. Files that are written escape; files that are read and services keep.',
  },
}

/** Wherever it is read. */
export const csvReading = {
  ...common,
  headerRow: {
    type: 'integer',
    minimum: 1,
    title: 'Header row number',
    description:
      'The line of the header row, or of the first row where there is none; lines above it are passed over.',
    default: 1,
  },
}

/** Wherever it is written. */
export const csvWriting = {
  ...common,
  eol: { enum: ['\n', '\r\n'], title: 'Line end', description: 'After each row written.', default: '\n' },
  bom: {
    type: 'boolean',
    title: 'Byte order mark',
    description: 'Written at the beginning, so that Excel takes the file for UTF-8.',
    default: false,
  },
}

/** @param otherwise where the settings do not say what becomes of formulas */
export function dialectOf(settings: DataRecord, otherwise: CsvDialect['formulas']): CsvDialect {
  const columns = names(settings, 'columns')
  const quote = text(settings, 'quote') ?? CSV_DEFAULTS.quote
  const nullText = text(settings, 'nullText')
  // with a text of its own for null, nothing between two delimiters is an empty text (as in PostgreSQL's COPY)
  const empty =
    choice(settings, 'empty', ['null', 'text', 'absent']) ?? (nullText === undefined ? 'null' : 'text')
  const delimiter = text(settings, 'delimiter')
  const encoding = choice(settings, 'encoding', encodings)
  const absentText = text(settings, 'absentText')
  const formulas = choice(settings, 'formulas', ['escape', 'keep']) ?? otherwise
  return {
    quote,
    escape: text(settings, 'escape') ?? quote,
    header: flag(settings, 'header') ?? columns === undefined,
    headerRow: number(settings, 'headerRow') ?? CSV_DEFAULTS.headerRow,
    empty,
    formulas,
    unescape: formulas === 'escape',
    eol: choice(settings, 'eol', ['\n', '\r\n']) ?? CSV_DEFAULTS.eol,
    bom: flag(settings, 'bom') ?? CSV_DEFAULTS.bom,
    ...(columns && { columns }),
    ...(delimiter !== undefined && { delimiter }),
    ...(encoding && { encoding }),
    ...(nullText !== undefined && { nullText }),
    ...(absentText !== undefined && { absentText }),
  }
}
