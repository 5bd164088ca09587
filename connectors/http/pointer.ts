import { isList, isObject, type Value } from '../../shared/core/record/value'

/**
 * The value at an RFC 6901 pointer; '' is the whole. Of a list that stands by what is in it and not by number, one is
 * named as in XML paths: `/link[relation=next]/url` (the bundles of FHIR, 3.1.1.4).
 */
export function at(value: Value | undefined, pointer: string): Value | undefined {
  if (pointer === '') return value
  const names = pointer.replace(/^\//, '').split('/')
  return names.reduce((here, name) => member(here, name.replace(/~1/g, '/').replace(/~0/g, '~')), value)
}

function member(here: Value | undefined, name: string): Value | undefined {
  if (isList(here)) return here[Number(name)]
  if (!isObject(here)) return undefined
  if (Object.hasOwn(here, name)) return here[name]
  const [, list = '', field = '', wanted] = /^(.+)\[(.+?)=(.*)\]$/.exec(name) ?? []
  const items = Object.hasOwn(here, list) ? here[list] : undefined
  return isList(items)
    ? items.find((item) => isObject(item) && Object.hasOwn(item, field) && item[field] === wanted)
    : undefined
}

/** The text before and after a value that stands alone at this pointer: '/a/b' gives '{"a":{"b":' and '}}'. */
export function wrapping(pointer: string): { before: string; after: string } {
  const names = pointer === '' ? [] : pointer.replace(/^\//, '').split('/')
  return {
    before: names.map((name) => `{${JSON.stringify(name.replace(/~1/g, '/').replace(/~0/g, '~'))}:`).join(''),
    after: '}'.repeat(names.length),
  }
}
