import { createAjvValidator } from '../../../shared/adapters/validator'
import schema from '../../../shared/contract/mapping.schema.json'
import { mappingCounterExamples, mappingExamples } from '../../../shared/contract/mapping.examples'
import { Fault } from '../../../shared/core/fault'
import { compileMapping } from '../../../shared/core/mapping/compile'
import type { MappingDefinition } from '../../../shared/core/mapping/definition'
import { sourceFieldsOf } from '../../../shared/core/mapping/source-fields'
import { CountingLedger } from '../../../shared/core/record/ledger'
import { createInterpretingValidator } from '../../../shared/core/validation/interpreting'

describe.each([
  ['ajv', createAjvValidator()],
  ['interpreting', createInterpretingValidator()],
] as const)('the schema of the language, by %s', (_, validator) => {
  const validate = validator.compile(schema)

  test.each(mappingExamples)('takes: $title', ({ map }) => {
    expect(validate(map)).toBeUndefined()
  })
  test.each(mappingCounterExamples)('refuses, because $reason', ({ map }) => {
    expect(validate(map)).toBeDefined()
  })
})

test.each(mappingExamples)('the example does what it says: $title', ({ map, in: record, out }) => {
  expect(compileMapping(map, { typed: true }).map(record, new CountingLedger())).toEqual(out)
})

describe('what only compiling finds', () => {
  test.each<[string, MappingDefinition, string]>([
    ['a path that is none', { a: 'b..c' }, 'MAPPING_INVALID'],
    ['a path that does not end', { a: 'b[' }, 'MAPPING_INVALID'],
    ['a brace that nobody closes', { a: { template: '{b' } }, 'MAPPING_INVALID'],
    ['an expression that is none', { a: { cel: '1 +' } }, 'MAPPING_INVALID'],
    ['an expression of types that never fit', { a: { cel: '"a" * 2' } }, 'MAPPING_INVALID'],
    ['an unknown function', { a: { cel: 'shell("ls")' } }, 'MAPPING_INVALID'],
    ['a zone that is none', { a: { type: 'date-time', zone: 'Europe/Nowhere' } }, 'MAPPING_INVALID'],
    ['a factor that is no number', { a: { factor: '1,5' } }, 'MAPPING_INVALID'],
    ['a field that is a value and an object', { a: 'x', 'a.b': 'y' }, 'MAPPING_INVALID'],
    ['a target that is a place in a list', { 'a[0].b': 'x' }, 'MAPPING_INVALID'],
    ['a target that would reach a prototype', { 'a.__proto__.b': 'x' }, 'FIELD_NAME_REFUSED'],
    ['a target named constructor', { constructor: 'x' }, 'FIELD_NAME_REFUSED'],
  ])('%s', (__, map, code) => {
    expect(codeOf(() => compileMapping(map, { typed: true }))).toBe(code)
  })

  test('a source field called __proto__ does not get into the record', () => {
    const record = Object.fromEntries([['__proto__', { admin: true }]])
    const mapped = compileMapping({ a: 'b' }, { typed: true }).map(record, new CountingLedger())
    expect(mapped).toMatchObject({ code: 'FIELD_NAME_REFUSED' })
  })
})

describe('source fields of a key', () => {
  test.each<[string, MappingDefinition | undefined, string[], string[] | undefined]>([
    ['no mapping', undefined, ['sku'], ['sku']],
    ['a rename', { sku: 'item', location: { from: 'site' } }, ['location', 'sku'], ['site', 'item']],
    ['a field that passes', { quantity: 'qty' }, ['sku'], ['sku']],
    ['a field of the same name, whose value is changed', { sku: { trim: true } }, ['sku'], undefined],
    ['a nested source', { sku: 'item.code' }, ['sku'], undefined],
    ['a made value', { sku: { template: '{a}-{b}' } }, ['sku'], undefined],
    ['a field that is renamed away', { item: 'sku' }, ['sku'], undefined],
    ['a field that is dropped', { item: 'x', '*': 'drop' }, ['sku'], undefined],
  ])('%s', (_, map, key, sources) => {
    expect(sourceFieldsOf(map, key)).toEqual(sources)
  })
})

test('a mapper without a mapping gives the record itself', () => {
  const record = { a: 1 }
  expect(compileMapping(undefined, { typed: true }).map(record, new CountingLedger())).toBe(record)
})

function codeOf(run: () => unknown): string | undefined {
  try {
    run()
    return undefined
  } catch (error) {
    return error instanceof Fault ? error.code : String(error)
  }
}
