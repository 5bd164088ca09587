import { Decimal, exactNumber, plainNumber } from '../../record/decimal'
import { textOf, type Scalar, type Value } from '../../record/value'
import type { FieldRule, FieldType } from '../definition'
import { onScalar, refuse, shown, type Place, type Step } from '../step'
import { toDate, toDateTime } from './date-time'

type Conversion = (value: Exclude<Scalar, null>) => Value | undefined

const conversions: Record<
  Exclude<FieldType, 'date' | 'date-time'>,
  { expected: string; convert: Conversion }
> = {
  text: {
    expected: 'a text',
    convert: (value) => (typeof value === 'number' ? plainNumber(value) : textOf(value)),
  },
  integer: { expected: 'an integer such as 12', convert: integer },
  number: { expected: 'a number such as 12.5', convert: number },
  decimal: { expected: 'a number such as 12.50', convert: decimal },
  boolean: { expected: 'true, false, 1 or 0', convert: boolean },
}

/** Converts one value without losing anything of it, or rejects the record. */
export function toType(place: Place, type: FieldType, rule: FieldRule): Step {
  if (type === 'date-time') return toDateTime(place, rule)
  if (type === 'date') return toDate(place, rule)
  const { expected, convert } = conversions[type]
  return onScalar(
    place,
    'type',
    (value) =>
      convert(value) ??
      refuse(
        place,
        'VALUE_NOT_CONVERTIBLE',
        value === ''
          ? `is empty; send ${expected}, or say emptyAs: null`
          : `is ${shown(place, value)}; send ${expected}`,
      ),
  )
}

/** A number that keeps its digits; undefined when it is none. */
export function number(value: Scalar): number | Decimal | undefined {
  if (typeof value === 'string') return exactNumber(value)
  return typeof value === 'number' || value instanceof Decimal ? value : undefined
}

export function integer(value: Scalar): number | Decimal | undefined {
  const found = number(value)
  if (found instanceof Decimal) return found.canonical().includes('.') ? undefined : found
  return found !== undefined && Number.isInteger(found) ? found : undefined
}

/** Keeps trailing zeros too: 12.50 stays 12.50. */
function decimal(value: Scalar): Decimal | undefined {
  if (typeof value === 'string') return Decimal.parse(value)
  if (typeof value === 'number') return Decimal.parse(plainNumber(value))
  return value instanceof Decimal ? value : undefined
}

export function boolean(value: Scalar): boolean | undefined {
  if (typeof value === 'boolean') return value
  const text = textOf(value).toLowerCase()
  if (text === 'true' || text === '1') return true
  return text === 'false' || text === '0' ? false : undefined
}
