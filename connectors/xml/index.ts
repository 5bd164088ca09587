import type { Connector } from '../../shared/core/connector'
import { fileConnector } from '../../shared/core/file-stream/connector'
import { choice, names, text } from '../../shared/core/settings'
import { isObject, textOf, type DataRecord } from '../../shared/core/record/value'
import { parseElementPath, type XmlOptions } from './options'
import { readXml } from './read'
import { spec } from './spec'
import { refuseXml, writeXml } from './write'

export const xml: Connector = fileConnector({
  spec,
  endings: ['.xml'],
  format: (settings) => {
    const options = optionsOf(settings)
    return {
      typed: false,
      textual: true,
      read: (input) => readXml(options, input),
      write: (records, context) => writeXml(options, records, context),
      refuse: refuseXml,
    }
  },
})

function optionsOf(settings: DataRecord): XmlOptions {
  const prefixes = isObject(settings['namespaces']) ? Object.entries(settings['namespaces']) : []
  return {
    ...parseElementPath(text(settings, 'path') ?? ''),
    namespaces: new Map(prefixes.map(([prefix, uri]) => [textOf(uri), prefix])),
    lists: new Set(names(settings, 'lists')),
    empty: choice(settings, 'empty', ['text', 'null']) ?? 'text',
  }
}
