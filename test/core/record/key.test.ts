import fc from 'fast-check'
import { Decimal } from '../../../shared/core/record/decimal'
import { Hasher } from '../../../shared/core/record/hash'
import { keyOfText, keyRecord, keyText, missingKeyFields } from '../../../shared/core/record/key'
import { exactNumber } from '../../../shared/core/record/decimal'
import type { DataRecord, Value } from '../../../shared/core/record/value'
import { digits } from './values'

const KEY = ['a', 'b']
const hasher = new Hasher()
const hashOf = (record: DataRecord): string | undefined =>
  hasher.key(record, KEY) ? hasher.hex() : undefined

describe('the parts of a key', () => {
  it('stand each for itself', () => {
    const keys = [
      { a: '1', b: '11' },
      { a: '11', b: '1' },
      { a: '1,1', b: '1' },
      { a: '1', b: '1,1' },
      { a: '1"', b: '1' },
      { a: '1', b: '"1' },
      { a: 'x', b: 'y' },
      { a: 'y', b: 'x' },
    ]
    expect(new Set(keys.map((key) => keyText(key, KEY))).size).toBe(keys.length)
    expect(new Set(keys.map(hashOf)).size).toBe(keys.length)
  })

  it.each<[string, Value]>([
    ['0', 0],
    ['false', false],
    ['a blank', ' '],
  ])('may be %s', (_, part) => {
    const record = { a: part, b: 'x' }
    expect(keyText(record, KEY)).toBeDefined()
    expect(hashOf(record)).toBeDefined()
    expect(missingKeyFields(record, KEY)).toEqual([])
  })

  it.each<[string, DataRecord]>([
    ['absent', {}],
    ['null', { a: null }],
    ['empty', { a: '' }],
    ['a list', { a: [1] }],
    ['an object', { a: { x: 1 } }],
  ])('may not be %s', (_, part) => {
    const record = { ...part, b: 'x' }
    expect(keyText(record, KEY)).toBeUndefined()
    expect(hashOf(record)).toBeUndefined()
    expect(missingKeyFields(record, KEY)).toEqual(['a'])
  })

  it('are hashed by their text, because systems differ in what is a number', () => {
    for (const [number, text] of [
      [7, '7'],
      [Decimal.ofDigits('9007199254740993'), '9007199254740993'],
      [1e21, '1000000000000000000000'],
      [0.000_000_1, '0.0000001'],
    ] as const)
      expect(hashOf({ a: number, b: true })).toBe(hashOf({ a: text, b: 'true' }))
  })

  it('come back from the text of the key, with all their digits', () => {
    const part = fc.oneof(
      fc.string({ minLength: 1 }),
      fc.boolean(),
      digits.map((text): Value => exactNumber(text) ?? null),
    )
    fc.assert(
      fc.property(part, part, (a, b) => {
        const text = keyText({ a, b }, KEY) ?? ''
        const again = keyOfText(text, KEY)
        expect(keyText(again, KEY)).toBe(text)
        expect(hashOf(again)).toBe(hashOf({ a, b }))
      }),
    )
    const record = { a: Decimal.ofDigits('123456789012345678901234567890'), b: 'x', c: 1 }
    expect(keyOfText(keyText(record, KEY) ?? '', KEY)).toEqual({ a: record.a, b: 'x' })
    expect(keyRecord(record, KEY)).toEqual({ a: record.a, b: 'x' })
  })
})
