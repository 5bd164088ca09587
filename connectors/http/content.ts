import { contentOfElement, elementsAt } from '../../shared/core/format/xml/place'
import { isList, isObject, textOf, type DataRecord, type Value } from '../../shared/core/record/value'
import { at } from './pointer'

/** What an answer holds, in whatever it is written: JSON pointers name places in JSON, paths of elements those in XML. */
export interface Content {
  find(place: string): Value | undefined
  list(place: string): readonly Value[] | undefined
  /** The text of what stands there; '' where there is none. */
  text(place: string): string
  /** The text of a field of one of its values. */
  field(item: Value | undefined, place: string): string
}

/** Of a format that holds records and nothing else: what stands around them stands in headers, by their names. */
export function headerContent(headers: Readonly<Record<string, string>>): Content {
  return { ...NO_CONTENT, text: (place) => headers[place.toLowerCase()] ?? '' }
}

export const NO_CONTENT: Content = {
  find: () => undefined,
  list: () => undefined,
  text: () => '',
  field: () => '',
}

export function jsonContent(value: Value | undefined): Content {
  return {
    find: (place) => at(value, place),
    list(place) {
      const found = at(value, place)
      return isList(found) ? found : undefined
    },
    text: (place) => textOf(at(value, place)),
    field: (item, place) => textOf(at(item, place.startsWith('/') ? place : '/' + place)),
  }
}

/** @param around the root by its name; '' is what it holds */
export function xmlContent(around: DataRecord): Content {
  const find = (place: string) => (place === '' ? Object.values(around)[0] : elementsAt(around, place)[0])
  return {
    find,
    list(place) {
      const found = place === '' ? childrenOf(find('')) : elementsAt(around, place)
      return found.length === 0 ? undefined : found
    },
    text: (place) => textOf(contentOfElement(find(place))),
    // spaces around a word are how it is laid out
    field: (item, place) => textOf(contentOfElement(elementsAt(item, place)[0])).trim(),
  }
}

/** Every element directly below this one. */
function childrenOf(element: Value | undefined): readonly Value[] {
  if (!isObject(element)) return []
  return Object.entries(element)
    .filter(([name]) => !name.startsWith('@') && name !== '#text')
    .flatMap(([, value]) => (isList(value) ? value : [value]))
}
