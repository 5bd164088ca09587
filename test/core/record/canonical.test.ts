import fc from 'fast-check'
import { canonicalText, sameRecord, sameValue } from '../../../shared/core/record/canonical'
import { Decimal } from '../../../shared/core/record/decimal'
import { Hasher } from '../../../shared/core/record/hash'
import type { Value } from '../../../shared/core/record/value'
import { record, turned, value } from './values'

const hash = (of: Value): string => new Hasher().record({ v: of }).hex()

describe('equality by value', () => {
  it('is that of the canonical texts, and equal values have one hash', () => {
    fc.assert(
      fc.property(value, value, (one, two) => {
        const same = sameValue(one, two)
        expect(canonicalText(one) === canonicalText(two)).toBe(same)
        if (same) expect(hash(one)).toBe(hash(two))
      }),
    )
  })

  it('does not ask for the order of fields', () => {
    fc.assert(
      fc.property(record, (given) => {
        const other = turned(given)
        expect(sameValue(given, other)).toBe(true)
        expect(canonicalText(given)).toBe(canonicalText(other))
      }),
    )
  })

  it.each<[Value, Value]>([
    [1.5, Decimal.ofDigits('1.50')],
    [-0, Decimal.ofDigits('0.0')],
    [1e21, Decimal.ofDigits('1000000000000000000000')],
    [1e-7, Decimal.ofDigits('0.00000010')],
    [
      [1, { a: Decimal.ofDigits('2.0') }],
      [1, { a: 2 }],
    ],
  ])('%p and %p', (one, two) => {
    expect(sameValue(one, two)).toBe(true)
    expect(canonicalText(one)).toBe(canonicalText(two))
  })

  it('keeps absent, null and empty apart', () => {
    expect(sameRecord({}, { a: null })).toBe(false)
    expect(sameRecord({ a: null }, {})).toBe(false)
    expect(sameRecord({ a: '' }, { a: null })).toBe(false)
    expect(sameRecord({ a: 1 }, { b: 1 })).toBe(false)
    expect(sameRecord({ toString: 1 }, {})).toBe(false)
    expect(sameValue([1], { 0: 1 })).toBe(false)
    expect(sameValue('1', 1)).toBe(false)
  })
})
