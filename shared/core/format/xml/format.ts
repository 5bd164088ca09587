import type { Format } from '../format'
import type { XmlOptions } from './options'
import { readXml } from './read'
import { layoutOf, refuseXml, writeXml } from './write'

/** XML documents with one element per record. Every value arrives as text. */
export function xmlFormat(options: XmlOptions, layout = layoutOf(options)): Format {
  return {
    typed: false,
    textual: true,
    read: (input) => readXml(options, input),
    write: (records, context) => writeXml(layout, options, records, context),
    refuse: refuseXml,
  }
}
