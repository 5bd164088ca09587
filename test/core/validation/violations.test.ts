import { createAjvValidator } from '../../../shared/adapters/validator'
import type { JsonSchema, Violation } from '../../../shared/core/ports'
import { Fault } from '../../../shared/core/fault'
import { Decimal } from '../../../shared/core/record/decimal'
import type { DataRecord } from '../../../shared/core/record/value'
import { createInterpretingValidator } from '../../../shared/core/validation/interpreting'

const schema = {
  type: 'object',
  required: ['sku'],
  additionalProperties: false,
  properties: {
    sku: { type: 'string', minLength: 1, maxLength: 8, pattern: '^[A-Z0-9-]+$' },
    quantity: { type: 'integer', minimum: 0 },
    price: { type: ['number', 'null'], multipleOf: 0.01, exclusiveMaximum: 1000 },
    unit: { enum: ['EA', 'KG'] },
    email: { type: 'string', format: 'email', personal: true },
    counted: { type: 'string', format: 'date-time' },
    lines: {
      type: 'array',
      maxItems: 2,
      items: { type: 'object', required: ['a/b'], properties: { 'a/b': { type: 'integer' } } },
    },
  },
} satisfies JsonSchema

const cases: { name: string; record: DataRecord; violations: Violation[] }[] = [
  {
    name: 'a missing field is named by its own pointer',
    record: {},
    violations: [{ pointer: '/sku', keyword: 'required', message: 'is missing' }],
  },
  {
    name: 'a field that the schema does not list is named',
    record: { sku: 'A', colour: 'red' },
    violations: [{ pointer: '/colour', keyword: 'additionalProperties', message: 'is not in the schema' }],
  },
  {
    name: 'text where a number is expected',
    record: { sku: 'A', quantity: '12' },
    violations: [{ pointer: '/quantity', keyword: 'type', message: 'expected an integer, found a text' }],
  },
  {
    name: 'an empty text is told from a text',
    record: { sku: 'A', quantity: '' },
    violations: [
      { pointer: '/quantity', keyword: 'type', message: 'expected an integer, found an empty text' },
    ],
  },
  {
    name: 'null where it is not expected',
    record: { sku: 'A', quantity: null },
    violations: [{ pointer: '/quantity', keyword: 'type', message: 'expected an integer, found null' }],
  },
  {
    name: 'a number with decimals where an integer is expected',
    record: { sku: 'A', quantity: 1.5 },
    violations: [
      { pointer: '/quantity', keyword: 'type', message: 'expected an integer, found a number with decimals' },
    ],
  },
  {
    name: 'a code that is not listed',
    record: { sku: 'A', unit: 'each' },
    violations: [{ pointer: '/unit', keyword: 'enum', message: 'expected one of EA, KG' }],
  },
  {
    name: 'a text that is too long',
    record: { sku: 'ABCDEFGHI' },
    violations: [
      { pointer: '/sku', keyword: 'maxLength', message: 'expected at most 8 characters, found 9' },
    ],
  },
  {
    name: 'a date-time without a zone',
    record: { sku: 'A', counted: '2024-05-31T14:00:00' },
    violations: [
      {
        pointer: '/counted',
        keyword: 'format',
        message: 'expected the format date-time (such as 2024-05-31T14:00:00Z)',
      },
    ],
  },
  {
    name: 'a field in an item of a list, with a name that needs escaping',
    record: { sku: 'A', lines: [{ 'a/b': 1 }, { 'a/b': 'x' }] },
    violations: [{ pointer: '/lines/1/a~1b', keyword: 'type', message: 'expected an integer, found a text' }],
  },
  {
    name: 'a price is a multiple of 0.01 by its digits, not by division of doubles',
    record: { sku: 'A', price: 19.99 },
    violations: [],
  },
  {
    name: 'a price with a third decimal',
    record: { sku: 'A', price: 19.995 },
    violations: [{ pointer: '/price', keyword: 'multipleOf', message: 'expected a multiple of 0.01' }],
  },
  {
    name: 'an integer beyond 2^53 is an integer',
    record: { sku: 'A', quantity: Decimal.ofDigits('9007199254740993') },
    violations: [],
  },
  {
    name: 'a fraction that a double would round away is no integer',
    record: { sku: 'A', quantity: Decimal.ofDigits('12345678901234567.5') },
    violations: [
      { pointer: '/quantity', keyword: 'type', message: 'expected an integer, found a number with decimals' },
    ],
  },
  {
    name: 'a number beyond all business is judged in time',
    record: { sku: 'A', quantity: Decimal.ofDigits('1e999999999') },
    violations: [
      { pointer: '/quantity', keyword: 'type', message: 'expected an integer, found a number with decimals' },
    ],
  },
  {
    name: 'a limit is held against all digits',
    record: { sku: 'A', price: Decimal.ofDigits('999.99999999999999999999') },
    violations: [{ pointer: '/price', keyword: 'multipleOf', message: 'expected a multiple of 0.01' }],
  },
]

describe.each([
  ['ajv', createAjvValidator()],
  ['interpreting', createInterpretingValidator()],
] as const)('%s', (_, validator) => {
  const validate = validator.compile(schema)

  test.each(cases)('$name', ({ record, violations }) => {
    expect(validate(record) ?? []).toEqual(violations)
  })

  test('messages never hold the value of a field', () => {
    const record = { sku: 'secret-sku!', email: 'no address', unit: 'secret-unit', counted: 'secret-time' }
    const told = JSON.stringify(validate(record))
    for (const value of Object.values(record)) expect(told).not.toContain(value)
  })

  test('a record with very many wrong items is told in bounded space', () => {
    const many = { type: 'object', properties: { list: { type: 'array', items: { type: 'integer' } } } }
    expect(validator.compile(many)({ list: Array<string>(1000).fill('x') })).toHaveLength(20)
  })

  test('the record is not changed and the schema may be frozen', () => {
    const frozen = Object.freeze({ ...schema, $id: 'https://example.com/stock' })
    const record = Object.freeze({ sku: 'A', quantity: Decimal.ofDigits('9007199254740993') })
    expect(validator.compile(frozen)(record)).toBeUndefined()
    expect(validator.compile(frozen)(record)).toBeUndefined()
  })

  test.each<[string, JsonSchema, string]>([
    ['a type that is none', { properties: { a: { type: 'int' } } }, '/properties/a/type'],
    ['a pattern that is none', { properties: { a: { pattern: '[' } } }, '/properties/a/pattern'],
    ['required on a field', { properties: { a: { required: true } } }, '/properties/a/required'],
    ['a $ref to nowhere', { properties: { a: { $ref: '#/$defs/b' } } }, '/properties/a/$ref'],
    ['a $ref that would be fetched', { $ref: 'https://example.com/other.json' }, '/$ref'],
    ['a draft that is not supported', { $schema: 'http://json-schema.org/draft-04/schema#' }, '/$schema'],
  ])('%s is named as the fault of the schema', (__, wrong, pointer) => {
    expect(caught(() => validator.compile(wrong))).toMatchObject({
      code: 'SCHEMA_INVALID',
      evidence: { pointer },
    })
  })
})

function caught(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    return error instanceof Fault ? error : undefined
  }
}
