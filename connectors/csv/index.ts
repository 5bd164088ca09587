import type { Connector } from '../../shared/core/connector'
import { fileConnector } from '../../shared/core/file-stream/connector'
import { csvFormat } from '../../shared/core/format/csv'
import { dialectOf } from '../../shared/core/format/csv-settings'
import { spec } from './spec'

export const csv: Connector = fileConnector({
  spec,
  endings: ['.csv', '.tsv', '.tab'],
  format: (settings, use) => csvFormat(dialectOf(settings, use === 'target' ? 'escape' : 'keep')),
})
