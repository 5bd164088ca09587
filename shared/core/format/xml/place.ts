import { isList, isObject, type DataRecord, type Value } from '../../record/value'

/** A name, and where it has to have an attribute of this value: `link[@rel=next]`. */
const STEP = /([^/[\]]+)(?:\[@([^=\]]+)=["']?([^"'\]]*)["']?\])?/g

/**
 * The values at a place in a document: `/feed/link[@rel=next]/@href`. Elements of one name are all followed.
 * @param around a root by its name, or what an element holds
 */
export function elementsAt(around: Value | undefined, place: string): Value[] {
  let here = around === undefined ? [] : [around]
  for (const [, name = '', attribute, value] of place.matchAll(STEP)) {
    here = here.flatMap((element) => childrenOf(element, name))
    if (attribute !== undefined)
      here = here.filter((element) => isObject(element) && own(element, `@${attribute}`) === value)
  }
  return here
}

/** What stands in an element, whether it has attributes or not. */
export function contentOfElement(element: Value | undefined): Value | undefined {
  return isObject(element) ? (own(element, '#text') ?? element) : element
}

function childrenOf(element: Value, name: string): readonly Value[] {
  const value = isObject(element) ? own(element, name) : undefined
  if (value === undefined) return []
  return isList(value) ? value : [value]
}

function own(element: DataRecord, name: string): Value | undefined {
  return Object.hasOwn(element, name) ? element[name] : undefined
}
