import { Decimal, exactNumber, plainNumber } from './decimal'
import { quoted } from './quoted'
import { isObject, type DataRecord, type Value } from './value'

/** JSON text that is the same for equal records, whatever the order of their fields at any depth. */
export function canonicalText(value: Value): string {
  if (typeof value === 'string') return quoted(value)
  if (typeof value === 'number') return plainNumber(value === 0 ? 0 : value)
  if (value instanceof Decimal) return value.canonical()
  if (isObject(value)) {
    let fields = ''
    for (const field of Object.keys(value).sort()) {
      const part = value[field]
      if (part !== undefined) fields += `${fields === '' ? '' : ','}${quoted(field)}:${canonicalText(part)}`
    }
    return `{${fields}}`
  }
  if (value !== null && typeof value === 'object') return `[${value.map(canonicalText).join(',')}]`
  return JSON.stringify(value)
}

/** Equal by value: 1.50 is 1.5; absent, null and '' differ; lists compare in order. */
export function sameValue(one: Value | undefined, two: Value | undefined): boolean {
  if (one === two) return true
  if (one === undefined || two === undefined || one === null || two === null) return false
  if (one instanceof Decimal || two instanceof Decimal) return sameNumber(one, two)
  if (typeof one !== 'object' || typeof two !== 'object') return false
  if (isObject(one) && isObject(two)) return sameFields(one, two)
  if (isObject(one) || isObject(two)) return false
  return one.length === two.length && one.every((value, i) => sameValue(value, two[i]))
}

export function sameRecord(one: DataRecord, two: DataRecord): boolean {
  return sameFields(one, two)
}

function sameFields(
  one: { readonly [field: string]: Value },
  two: { readonly [field: string]: Value },
): boolean {
  let fields = 0
  for (const field in one) {
    if (one[field] === undefined) continue
    fields++
    if (!sameValue(one[field], two[field])) return false
  }
  for (const field in two) if (two[field] !== undefined) fields--
  return fields === 0
}

function sameNumber(one: Value, two: Value): boolean {
  const left = digits(one)
  return left !== undefined && left === digits(two)
}

function digits(value: Value): string | undefined {
  if (value instanceof Decimal) {
    const exact = exactNumber(value.text)
    return typeof exact === 'number' ? plainNumber(exact) : value.canonical()
  }
  return typeof value === 'number' ? plainNumber(value === 0 ? 0 : value) : undefined
}

/** Whether a target has every value that is sent; it may have more fields. */
export function holds(held: DataRecord, sent: DataRecord): boolean {
  return Object.keys(sent).every((field) => sameValue(held[field], sent[field]))
}
