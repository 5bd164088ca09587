import { isList, isObject, type Value } from '../../shared/core/record/value'

/** The value at an RFC 6901 pointer; '' is the whole. */
export function at(value: Value | undefined, pointer: string): Value | undefined {
  if (pointer === '') return value
  let here = value
  for (const part of pointer.replace(/^\//, '').split('/')) {
    const name = part.replace(/~1/g, '/').replace(/~0/g, '~')
    if (isList(here)) here = here[Number(name)]
    else if (isObject(here) && Object.hasOwn(here, name)) here = here[name]
    else return undefined
  }
  return here
}

/** The text before and after a value that stands alone at this pointer: '/a/b' gives '{"a":{"b":' and '}}'. */
export function wrapping(pointer: string): { before: string; after: string } {
  const names = pointer === '' ? [] : pointer.replace(/^\//, '').split('/')
  return {
    before: names.map((name) => `{${JSON.stringify(name.replace(/~1/g, '/').replace(/~0/g, '~'))}:`).join(''),
    after: '}'.repeat(names.length),
  }
}
