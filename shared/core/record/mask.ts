import { Decimal } from './decimal'
import { isList, isScalar, textOf, type DataRecord, type Scalar, type Value } from './value'

/**
 * A record whose personal fields show what kind of value they hold and nothing else of it, for exceptions and reject
 * files. Absent, null and '' stay what they are: a person needs to see that something is missing.
 *
 * | value | mask |
 * |---|---|
 * | text of 1 to 8, of 9 to 32, of more characters | `***`, `******`, `*********` |
 * | number | `###` |
 * | boolean | `?` |
 * | list, object | the same with each value masked |
 *
 * @param personal names of fields of the record
 */
export function maskRecord(record: DataRecord, personal: readonly string[]): DataRecord {
  if (personal.length === 0) return record
  return Object.fromEntries(
    Object.entries(record).map(([field, value]) => [
      field,
      personal.includes(field) ? maskValue(value) : value,
    ]),
  )
}

/**
 * A text, such as what a target answered, in which the personal texts and numbers of the record are masked, in whatever
 * case they stand there.
 */
export function maskText(text: string, record: DataRecord, personal: readonly string[]): string {
  const values = personal.flatMap((field) =>
    scalarsOf(Object.hasOwn(record, field) ? record[field] : undefined),
  )
  // longest first, so that no part of a value stays behind
  const texts = [...new Set(values.map(textOf))].filter((value) => value !== '')
  return texts
    .sort((a, b) => b.length - a.length)
    .reduce((masked, value) => masked.replace(occurrences(value), () => maskOfText(value)), text)
}

export function maskValue(value: Value): Value {
  if (value === null) return null
  if (typeof value === 'string') return maskOfText(value)
  if (typeof value === 'boolean') return '?'
  if (typeof value === 'number' || value instanceof Decimal) return '###'
  if (isList(value)) return value.map(maskValue)
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, maskValue(inner)]))
}

function maskOfText(text: string): string {
  if (text === '') return ''
  return '***'.repeat(text.length <= 8 ? 1 : text.length <= 32 ? 2 : 3)
}

function scalarsOf(value: Value | undefined): Scalar[] {
  if (value === undefined || value === null || typeof value === 'boolean') return []
  if (isScalar(value)) return [value]
  return (isList(value) ? value : Object.values(value)).flatMap(scalarsOf)
}

/** A short value is masked only where it stands alone: masking every 5 would make 'row 15' unreadable. */
function occurrences(value: string): RegExp {
  const literal = value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(value.length < 4 ? `(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])` : literal, 'giu')
}
