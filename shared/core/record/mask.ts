import { Decimal } from './decimal'
import { withoutValues } from './echo'
import { isList, isScalar, type DataRecord, type Scalar, type Value } from './value'

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
 * A text, such as what a target answered, in which the personal texts and numbers of the records are masked, in whatever
 * case they stand there and however they are escaped.
 */
export function maskText(text: string, records: readonly DataRecord[], personal: readonly string[]): string {
  const values = records.flatMap((record) =>
    personal.flatMap((field) => scalarsOf(Object.hasOwn(record, field) ? record[field] : undefined)),
  )
  return withoutValues(text, values, maskOfText)
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
