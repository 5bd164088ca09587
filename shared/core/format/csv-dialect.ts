import type { Encoding } from './text'

/** How a CSV file is written. Unset signs are found out when reading and RFC 4180's when writing. */
export interface CsvDialect {
  delimiter?: string
  quote: string
  escape: string
  encoding?: Encoding
  /** False: the file has no header row; then `columns` names its fields. */
  header: boolean
  /** Lines above it are passed over. */
  headerRow: number
  columns?: readonly string[]
  /** What an unquoted field with nothing in it means; `""` is always ''. */
  empty: 'null' | 'text' | 'absent'
  /** Unquoted texts that stand for null and for a field that the record does not have. */
  nullText?: string
  absentText?: string
  /** Whether texts that a spreadsheet would run as a formula are made harmless when writing. */
  formulas: 'escape' | 'keep'
  /** Whether reading takes the apostrophe away again that `formulas: escape` put there. */
  unescape: boolean
  eol: '\n' | '\r\n'
  bom: boolean
}

export const CSV_DEFAULTS: CsvDialect = {
  quote: '"',
  escape: '"',
  header: true,
  headerRow: 1,
  empty: 'null',
  formulas: 'escape',
  unescape: false,
  eol: '\n',
  bom: false,
}
