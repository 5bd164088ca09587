import { parseElementPath } from '../../connectors/xml/options'
import { refuseXml, writeXml } from '../../connectors/xml/write'
import { csvFormat, type CsvDialect } from '../../shared/core/format/csv'
import type { Format } from '../../shared/core/format/format'
import { jsonFileFormat } from '../../shared/core/format/json-file'
import { ndjsonFormat } from '../../shared/core/format/ndjson'
import type { UploadFormat } from './format'

export type Writer = Pick<Format, 'write' | 'refuse'>

const XML = {
  ...parseElementPath(''),
  namespaces: new Map(),
  lists: new Set<string>(),
  empty: 'text',
} as const

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
      return { write: (records, context) => writeXml(XML, records, context), refuse: refuseXml }
  }
}
