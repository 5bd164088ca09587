import type { Connector } from '../../shared/core/connector'
import { fileConnector } from '../../shared/core/file-stream/connector'
import { xmlFormat } from '../../shared/core/format/xml/format'
import { xmlOptions } from '../../shared/core/format/xml/settings'
import { text } from '../../shared/core/settings'
import { spec } from './spec'

export const xml: Connector = fileConnector({
  spec,
  endings: ['.xml'],
  format: (settings) => xmlFormat(xmlOptions(settings, text(settings, 'path') ?? '')),
})
