import type { Connector } from '../../shared/core/connector'
import { fileConnector } from '../../shared/core/file-stream/connector'
import { flag, names } from '../../shared/core/settings'
import type { DataRecord } from '../../shared/core/record/value'
import type { XlsxOptions } from './options'
import { readXlsx } from './read'
import { spec } from './spec'
import { refuseXlsx, writeXlsx } from './write'

export const xlsx: Connector = fileConnector({
  spec,
  endings: ['.xlsx'],
  format: (settings, use) => {
    const options = optionsOf(settings, use)
    return {
      typed: true,
      textual: true,
      read: (input) => readXlsx(options, input),
      write: (records, context) => writeXlsx(options, records, context),
      refuse: (record) => refuseXlsx(record, options),
    }
  },
})

function optionsOf(settings: DataRecord, use: 'source' | 'target'): XlsxOptions {
  const { sheet, headerRow } = settings
  const columns = names(settings, 'columns')
  return {
    sheet: typeof sheet === 'string' || typeof sheet === 'number' ? sheet : undefined,
    header: flag(settings, 'header') ?? columns === undefined,
    headerRow: typeof headerRow === 'number' ? headerRow : 1,
    columns,
    onlySheet: use === 'target',
  }
}
