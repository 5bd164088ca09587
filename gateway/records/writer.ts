import { csvFormat, type CsvDialect } from '../../shared/core/format/csv'
import type { Format } from '../../shared/core/format/format'
import { jsonFileFormat } from '../../shared/core/format/json-file'
import { ndjsonFormat } from '../../shared/core/format/ndjson'
import { xmlFormat } from '../../shared/core/format/xml/format'
import { XML_DEFAULTS } from '../../shared/core/format/xml/options'
import type { UploadFormat } from './format'

export type Writer = Pick<Format, 'write' | 'refuse'>

/** How records are printed. @param dialect of CSV */
export function writerOf(format: UploadFormat, dialect: CsvDialect): Writer {
  switch (format) {
    case 'csv':
      return csvFormat(dialect)
    case 'ndjson':
      return ndjsonFormat({})
    case 'json':
      return jsonFileFormat({ path: [] })
    case 'xml':
      return xmlFormat(XML_DEFAULTS)
  }
}
