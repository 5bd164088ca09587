import fc from 'fast-check'
import { printJson } from '../../../shared/core/format/json'
import { compileMapping } from '../../../shared/core/mapping/compile'
import type { FieldRule } from '../../../shared/core/mapping/definition'
import { Decimal } from '../../../shared/core/record/decimal'
import { CountingLedger } from '../../../shared/core/record/ledger'
import { Rejection } from '../../../shared/core/record/rejection'
import { isList, isObject, textOf, type DataRecord, type Value } from '../../../shared/core/record/value'

const rejected = Symbol('rejected')
type Rejected = typeof rejected

/** Every rule that passes on what it is given, and what it makes of an empty text where that is not an empty text. */
const rules: Record<string, { rule: FieldRule; ofEmpty?: Value | Rejected }> = {
  from: { rule: { from: 'x' } },
  template: { rule: { template: '{x}' } },
  concat: { rule: { concat: ['x'] } },
  when: { rule: { when: [{ if: 'true', then: 'x' }] } },
  split: { rule: { from: 'x', split: ',' }, ofEmpty: [''] },
  trim: { rule: { from: 'x', trim: true } },
  case: { rule: { from: 'x', case: 'upper' } },
  values: { rule: { from: 'x', values: { a: 'b' }, otherwise: 'keep' } },
  text: { rule: { from: 'x', type: 'text' } },
  integer: { rule: { from: 'x', type: 'integer' }, ofEmpty: rejected },
  dateTime: { rule: { from: 'x', type: 'date-time', zone: 'UTC' }, ofEmpty: rejected },
  factor: { rule: { from: 'x', factor: 2 }, ofEmpty: rejected },
  join: { rule: { from: 'x', join: ',' } },
  each: { rule: { from: 'x', each: { a: 'b' } }, ofEmpty: rejected },
}

describe.each(Object.entries(rules))('%s', (_, { rule, ofEmpty = '' }) => {
  const mapper = compileMapping({ y: rule, '*': 'drop' }, { typed: true })
  const map = (record: DataRecord) => mapper.map(record, new CountingLedger())

  test('absent stays absent', () => {
    expect(map({})).toEqual({})
  })
  test('null stays null', () => {
    expect(map({ x: null })).toEqual({ y: null })
  })
  test('an empty text becomes neither', () => {
    const result = map({ x: '' })
    if (ofEmpty === rejected) expect(result).toBeInstanceOf(Rejection)
    else expect(result).toEqual({ y: ofEmpty })
  })
})

const digits = fc
  .tuple(fc.boolean(), fc.bigInt(0n, 10n ** 30n), fc.nat(12))
  .map(([negative, coefficient, places]) => ({ coefficient: negative ? -coefficient : coefficient, places }))

test('a factor multiplies exactly, whatever the number of digits', () => {
  fc.assert(
    fc.property(digits, digits, (value, factor) => {
      const product = mapped({ from: 'x', factor: print(factor) }, { x: print(value) })
      const expected = {
        coefficient: value.coefficient * factor.coefficient,
        places: value.places + factor.places,
      }
      expect(canonical(product)).toBe(canonical(print(expected)))
    }),
  )
})

test.each(['half-up', 'half-even'] as const)(
  'rounding %s is that of integer arithmetic, and is noted',
  (round) => {
    fc.assert(
      fc.property(digits, fc.nat(6), (value, decimals) => {
        const ledger = new CountingLedger()
        const rounded = mapped({ from: 'x', decimals, round }, { x: print(value) }, ledger)
        const expected = roundBig(value, decimals, round)
        expect(canonical(rounded)).toBe(canonical(print({ coefficient: expected, places: decimals })))
        const changed = canonical(rounded) !== canonical(print(value))
        expect(ledger.take()).toEqual(changed ? { y: { ROUNDED: 1 } } : {})
      }),
    )
  },
)

test('an expression adds and multiplies the numbers of the record exactly', () => {
  fc.assert(
    fc.property(digits, digits, (a, b) => {
      const record = { a: Decimal.ofDigits(print(a)), b: Decimal.ofDigits(print(b)) }
      const sum = mapped({ cel: 'record.a + record.b' }, record)
      const places = Math.max(a.places, b.places)
      const coefficient = scaled(a, places) + scaled(b, places)
      expect(canonical(sum)).toBe(canonical(print({ coefficient, places })))
    }),
  )
})

const scalar = fc.oneof(
  fc.string(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
)
const value = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.string(), tie('value'), { maxKeys: 3 }),
  ),
})).value
const record = fc.dictionary(fc.constantFrom('x', 'y', 'a', 'b', 'constructor', 'toString'), value)

test('whatever arrives, a rule answers with a record or a rejection and leaves its input as it was', () => {
  fc.assert(
    fc.property(record, fc.constantFrom(...Object.values(rules)), (given, { rule }) => {
      const before = printJson(given)
      const frozen = deepFreeze(given)
      const result = compileMapping({ y: rule }, { typed: true }).map(frozen, new CountingLedger())
      expect(result instanceof Rejection || typeof result === 'object').toBe(true)
      expect(printJson(given)).toBe(before)
    }),
  )
})

test('fields that no entry uses arrive as they are', () => {
  fc.assert(
    fc.property(record, (given) => {
      const result = compileMapping({ target: 'x' }, { typed: true }).map(given, new CountingLedger())
      const { x, ...rest } = given
      if (result instanceof Rejection) throw new Error(result.message)
      expect(printJson(result)).toBe(printJson(x === undefined ? rest : { target: x, ...rest }))
    }),
  )
})

function mapped(rule: FieldRule, record: DataRecord, ledger = new CountingLedger()): Value {
  const result = compileMapping({ y: rule, '*': 'drop' }, { typed: true }).map(record, ledger)
  if (result instanceof Rejection || result['y'] === undefined) throw new Error('no value')
  return result['y']
}

interface Digits {
  coefficient: bigint
  places: number
}

function print({ coefficient, places }: Digits): string {
  const all = String(coefficient < 0n ? -coefficient : coefficient).padStart(places + 1, '0')
  const text = places === 0 ? all : `${all.slice(0, -places)}.${all.slice(-places)}`
  return coefficient < 0n ? '-' + text : text
}

function canonical(number: Value): string {
  const text = textOf(number)
  return Decimal.parse(text)?.canonical() ?? text
}

function scaled({ coefficient, places }: Digits, to: number): bigint {
  return coefficient * 10n ** BigInt(to - places)
}

function roundBig({ coefficient, places }: Digits, decimals: number, round: 'half-up' | 'half-even'): bigint {
  if (places <= decimals) return scaled({ coefficient, places }, decimals)
  const unit = 10n ** BigInt(places - decimals)
  const size = coefficient < 0n ? -coefficient : coefficient
  const [whole, rest] = [size / unit, size % unit]
  const up = rest * 2n > unit || (rest * 2n === unit && (round === 'half-up' || whole % 2n === 1n))
  const rounded = up ? whole + 1n : whole
  return coefficient < 0n ? -rounded : rounded
}

function deepFreeze(record: DataRecord): DataRecord {
  for (const inner of Object.values(record)) freeze(inner)
  return Object.freeze(record)
}

function freeze(value: Value): void {
  if (isList(value)) value.forEach(freeze)
  else if (isObject(value)) Object.values(value).forEach(freeze)
  Object.freeze(value)
}
