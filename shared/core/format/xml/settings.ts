import { isObject, textOf, type DataRecord } from '../../record/value'
import { choice, names } from '../../settings'
import { parseElementPath, type XmlOptions } from './options'

/** The settings of XML, wherever it is read or written, as properties of a JSON Schema. */
export const xmlSettings = {
  namespaces: {
    type: 'object',
    additionalProperties: { type: 'string', minLength: 1 },
    title: 'Namespaces',
    description: 'Prefix to namespace name. Names in them become `prefix:name`; all others are local names.',
  },
  lists: {
    type: 'array',
    items: { type: 'string', minLength: 1 },
    title: 'Lists',
    description: 'Elements that are lists even where there is only one.',
  },
  empty: {
    enum: ['text', 'null'],
    title: 'Empty element',
    description: 'What <a/> and <a></a> mean: an empty text or null. xsi:nil="true" is always null.',
    default: 'text',
  },
}

/** @param path of the record element */
export function xmlOptions(settings: DataRecord, path: string): XmlOptions {
  const prefixes = isObject(settings['namespaces']) ? Object.entries(settings['namespaces']) : []
  return {
    ...parseElementPath(path),
    namespaces: new Map(prefixes.map(([prefix, uri]) => [textOf(uri), prefix])),
    lists: new Set(names(settings, 'lists')),
    empty: choice(settings, 'empty', ['text', 'null']) ?? 'text',
  }
}
