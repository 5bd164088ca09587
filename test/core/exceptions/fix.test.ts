import { applyFix, changesOf, inSourceNames } from '../../../shared/core/exceptions/fix'
import { mappingRules } from '../../../shared/core/exceptions/mapping-rule'
import { compileMapping } from '../../../shared/core/mapping/compile'
import type { MappingDefinition } from '../../../shared/core/mapping/definition'
import { CountingLedger } from '../../../shared/core/record/ledger'
import type { DataRecord } from '../../../shared/core/record/value'

const record: DataRecord = {
  sku: 'A1',
  qty: 12,
  live: true,
  note: null,
  'a.b': 1,
  address: { city: 'Bonn', zip: '53111' },
  lines: [{ sku: 'X' }, { sku: 'Y' }],
}

function fixed(set: string[], unset: string[] = [], to = record): DataRecord | undefined {
  return applyFix(to, changesOf({ set, unset }, record, []))
}

describe('an edit', () => {
  test.each([
    ['a text', ['sku=B2'], { sku: 'B2' }],
    ['a number in the type that the field has', ['qty=7'], { qty: 7 }],
    ['a text where a number was, when it is none', ['qty=few'], { qty: 'few' }],
    ['a boolean', ['live=false'], { live: false }],
    ['a value as JSON', ['sku:=null', 'qty:=1.5'], { sku: null, qty: 1.5 }],
    ['an empty text', ['sku='], { sku: '' }],
    ['a text with = in it', ['sku=a=b'], { sku: 'a=b' }],
    ['a new field', ['country=GB'], { country: 'GB' }],
    ['a field whose name holds a dot', ['a\\.b=2'], { 'a.b': 2 }],
    ['a field in an object', ['address.city=Köln'], { address: { city: 'Köln', zip: '53111' } }],
    ['a field in an object that is not there', ['geo.lat:=1'], { geo: { lat: 1 } }],
    ['an item of a list', ['lines[1].sku=Z'], { lines: [{ sku: 'X' }, { sku: 'Z' }] }],
    ['a field with the name of a prototype', ['constructor=x'], { constructor: 'x' }],
  ] as [string, string[], DataRecord][])('sets %s', (_, set, expected) => {
    expect(fixed(set)).toEqual({ ...record, ...expected })
    expect(record['sku']).toBe('A1')
  })

  test('takes a field out, also from an object', () => {
    expect(Object.keys(fixed([], ['note', 'address.zip']) ?? {})).not.toContain('note')
    expect(fixed([], ['address.zip'])?.['address']).toEqual({ city: 'Bonn' })
  })

  test.each([
    [{ set: ['sku'] }, 'is not field=value'],
    [{ set: ['sku=A1'] }, 'is that already'],
    [{ set: ['sku:={'] }, 'is not JSON'],
    [{ set: ['a..b=1'] }, 'is not a field'],
    [{}, 'there is nothing to change'],
  ])('%j is refused: %s', (edits, message) => {
    const edit = (): unknown => changesOf(edits, record, [])
    expect(edit).toThrow('FIX_INVALID')
    expect(edit).toThrow(message)
  })

  test('of a personal field is refused without its value', () => {
    const edit = (): unknown => changesOf({ set: ['address.city=Köln'] }, record, ['address'])
    expect(edit).toThrow('FIX_PERSONAL')
    expect(edit).not.toThrow('Köln')
  })

  test('holds only where the field is what it was: absent, null and empty are three', () => {
    const set = ['note=x']
    expect(fixed(set, [], { note: null })).toEqual({ note: 'x' })
    expect(fixed(set, [], { note: '' })).toBeUndefined()
    expect(fixed(set, [], {})).toBeUndefined()
    expect(applyFix({ note: 'y' }, changesOf({ set }, record, []), true)).toEqual({ note: 'x' })
  })

  test('may name a field of the mapped record', () => {
    expect(inSourceNames({ set: ['quantity=5', 'sku:=1'] }, record, { quantity: 'qty' })).toEqual({
      set: ['qty=5', 'sku:=1'],
      unset: undefined,
    })
  })
})

describe('an edit as a rule of the mapping', () => {
  function rules(map: MappingDefinition | undefined, set: string[], from: DataRecord): MappingDefinition {
    const made = mappingRules(changesOf({ set }, from, []), map)
    return { ...map, ...Object.fromEntries(made.map(({ target, rule }) => [target, rule])) }
  }

  test.each([
    ['without a mapping', undefined, 'country=GB', { country: 'UK' }, { country: 'GB' }, { country: 'FR' }],
    ['of a renamed field', { country: 'land' }, 'land=GB', { land: 'UK' }, { country: 'GB' }, { land: 'FR' }],
    ['of a number', { n: 'qty' }, 'qty=5', { qty: 4 }, { n: 5 }, { qty: 7 }],
    ['of an empty text', undefined, 'country=GB', { country: '' }, { country: 'GB' }, { country: 'FR' }],
    ['of null', undefined, 'country=GB', { country: null }, { country: 'GB' }, { country: 'FR' }],
    ['of what is absent', undefined, 'country=GB', {}, { country: 'GB' }, { country: 'FR' }],
    [
      'beside other values',
      { country: { from: 'land', values: { EN: 'GB' }, otherwise: 'keep' } },
      'land=GB',
      { land: 'UK' },
      { country: 'GB' },
      { land: 'EN' },
    ],
  ] as [string, MappingDefinition | undefined, string, DataRecord, DataRecord, DataRecord][])(
    '%s corrects that value and lets others pass',
    (_, map, set, from, expected, other) => {
      const mapper = compileMapping(rules(map, [set], from), { typed: true })
      const before = compileMapping(map, { typed: true })
      const ledger = new CountingLedger()
      expect(mapper.map(from, ledger)).toEqual(expected)
      expect(mapper.map(other, ledger)).toEqual(before.map(other, ledger))
    },
  )

  test.each([
    ['a step before it', { country: { from: 'land', case: 'upper' } }],
    ['a field that is left out', { '*': 'drop' }],
    ['a template', { country: { template: '{land}' } }],
  ] as [string, MappingDefinition][])('is refused for %s', (_, map) => {
    expect(() => mappingRules([{ field: 'land', from: 'UK', to: 'GB' }], map)).toThrow('FIX_NOT_SAVEABLE')
  })
})
