import { Decimal } from '../../../shared/core/record/decimal'
import { inferSchema } from '../../../shared/core/record/infer-schema'
import type { DataRecord } from '../../../shared/core/record/value'

const propertyOf = (values: (DataRecord[string] | undefined)[], typed: boolean) => {
  const records = values.map((value): DataRecord => (value === undefined ? {} : { a: value }))
  const schema = inferSchema(records, { typed })
  return typeof schema === 'object' ? { ...schema, type: undefined } : schema
}

test.each([
  ['whole numbers', [1, 2], { type: 'integer' }],
  ['whole and other numbers', [1, 2.5, null], { type: ['number', 'null'] }],
  ['digits beyond a double', [Decimal.ofDigits('9007199254740993')], { type: 'integer' }],
  ['unlike types', ['x', 1, null], { type: ['string', 'integer', 'null'] }],
  ['objects and nothing else', [{ b: 1 }], { type: 'object' }],
  ['date-times', ['2026-10-25T02:30:00+02:00'], { type: 'string', format: 'date-time' }],
  ['only null', [null], {}],
])('typed: %s', (_, values, expected) => {
  expect(propertyOf(values, true)).toMatchObject({ properties: { a: expected }, required: ['a'] })
})

test.each([
  ['leading zeros', ['01234', '1'], { type: 'string' }],
  ['whole numbers', ['0', '-5', null], { type: ['integer', 'null'] }],
  ['decimals', ['1.50', '2'], { type: 'number' }],
  ['flags', ['true', 'false'], { type: 'boolean' }],
  ['dates among texts', ['2026-03-29', 'soon'], { type: 'string' }],
])('texts: %s', (_, values, expected) => {
  expect(propertyOf(values, false)).toMatchObject({ properties: { a: expected } })
})

test('a field that some record lacks is not required', () => {
  expect(propertyOf([1, undefined], true)).not.toHaveProperty('required')
})

test.each([
  ['1.234,50', 'string'],
  ['0,99', 'string'],
  ['x', 'number'],
])('1.000 beside %s is a %s: a thousand where others have a decimal comma', (price, type) => {
  const records = [
    { qty: '12', weight: '1.000', price, factor: '1.000' },
    { qty: '7', weight: '2', price, factor: '0.5' },
  ]
  const found = {
    qty: { type: 'integer' },
    weight: { type },
    price: { type: 'string' },
    factor: { type: 'number' },
  }
  expect(inferSchema(records, { typed: false })).toMatchObject({ properties: found })
})
