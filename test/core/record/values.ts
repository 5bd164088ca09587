import fc from 'fast-check'
import { Decimal } from '../../../shared/core/record/decimal'
import { isList, isObject, type DataRecord, type Value } from '../../../shared/core/record/value'

/** Decimal digits with an optional sign and point, of any length. */
export const digits: fc.Arbitrary<string> = fc
  .tuple(fc.boolean(), fc.stringMatching(/^\d{1,30}$/), fc.option(fc.stringMatching(/^\d{1,30}$/)))
  .map(([minus, whole, fraction]) => (minus ? '-' : '') + whole + (fraction === null ? '' : '.' + fraction))

const scalar: fc.Arbitrary<Value> = fc.oneof(
  fc.constantFrom<Value>(null, true, false, '', 0, '2026-01-01T10:00:00Z', '2026-01-01T12:00:00.0+02:00'),
  fc.string({ maxLength: 8 }),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  digits.map((text) => Decimal.ofDigits(text)),
)

const fieldName = fc.constantFrom('a', 'b', 'c', 'id', 'x.y', 'toString', '10', '2')

export const { value, record } = fc.letrec<{ value: Value; record: DataRecord }>((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, scalar, fc.array(tie('value'), { maxLength: 3 }), tie('record')),
  record: fc.dictionary(fieldName, tie('value'), { maxKeys: 5, noNullPrototype: true }),
}))

/** The same value with the fields of every object in the opposite order. */
export function turned(given: Value): Value {
  if (isList(given)) return given.map(turned)
  if (!isObject(given)) return given
  return Object.fromEntries(
    Object.entries(given)
      .reverse()
      .map(([name, inner]) => [name, turned(inner)]),
  )
}
