import type { Connector } from '../../shared/core/connector'
import { fileConnector } from '../../shared/core/file-stream/connector'
import { CSV_DEFAULTS, csvFormat } from '../../shared/core/format/csv'
import { dialectOf } from '../../shared/core/format/csv-settings'
import { spec } from './spec'

export const csv: Connector = fileConnector({
  spec,
  endings: ['.csv', '.tsv', '.tab'],
  format: (settings, use) =>
    csvFormat(
      use === 'source'
        ? dialectOf(settings, 'keep')
        : // what stands above the header of an old file is not kept
          { ...dialectOf(settings, 'escape'), headerRow: CSV_DEFAULTS.headerRow },
    ),
})
