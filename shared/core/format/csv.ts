import type { CsvDialect } from './csv-dialect'
import { csvText, readCsv } from './csv-read'
import { appendCsv, refuseCsv, writeCsv } from './csv-write'
import type { Format } from './format'

export { CSV_DEFAULTS, type CsvDialect } from './csv-dialect'

/** CSV, TSV and their relatives (RFC 4180). Every value arrives as text. */
export function csvFormat(dialect: CsvDialect): Format {
  return {
    typed: false,
    textual: true,
    csv: (input) => csvText(dialect, input),
    read: (input, from) => readCsv(dialect, input, from),
    write: (records, context) => writeCsv(dialect, records, context),
    refuse: (record) => refuseCsv(record, dialect),
    append: (old, records, context) => appendCsv(dialect, old, records, context),
  }
}
