import { sameValue } from '../record/canonical'
import { Decimal, exactNumber } from '../record/decimal'
import { isList, isObject, textOf, type DataRecord, type Value } from '../record/value'

/**
 * Whether writing `fields` over `held` would change nothing. Fields that the new record does not have stay as they are,
 * as in an SQL update. In a textual format what is held may be the text of the new value.
 */
export function holds(held: DataRecord, fields: DataRecord, textual: boolean): boolean {
  const same = textual ? sameAsText : sameValue
  return Object.keys(fields).every((name) => fields[name] === undefined || same(held[name], fields[name]))
}

function sameAsText(held: Value | undefined, value: Value | undefined): boolean {
  if (held === undefined || value === undefined || held === null || value === null) return held === value
  if (isList(value)) return sameList(isList(held) ? held : [held], value) || held === textOf(value)
  if (isObject(value)) {
    if (!isObject(held)) return held === textOf(value)
    const names = new Set([...Object.keys(held), ...Object.keys(value)])
    return [...names].every((name) => sameAsText(held[name], value[name]))
  }
  if (typeof held !== 'string' || typeof value === 'string') return sameValue(held, value)
  if (typeof value === 'number' || value instanceof Decimal) return sameValue(exactNumber(held), value)
  return held === textOf(value)
}

function sameList(held: readonly Value[], values: readonly Value[]): boolean {
  return held.length === values.length && values.every((value, i) => sameAsText(held[i], value))
}
