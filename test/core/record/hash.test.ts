import fc from 'fast-check'
import { instantSeconds } from '../../../shared/core/record/instant'
import { Decimal } from '../../../shared/core/record/decimal'
import { Hasher } from '../../../shared/core/record/hash'
import { KeyIndex } from '../../../shared/core/record/key-index'
import type { DataRecord, Value } from '../../../shared/core/record/value'
import { record, turned, value } from './values'

const hasher = new Hasher()
const hashOf = (of: DataRecord): string => hasher.record(of).hex()
const valueHash = (of: Value): string => hashOf({ v: of })

describe('one hash for what is equal', () => {
  it('whatever the order of fields at any depth', () => {
    fc.assert(
      fc.property(record, (given) => {
        const other = { ...Object.fromEntries(Object.entries({ v: turned(given) })) }
        expect(hashOf(other)).toBe(hashOf({ v: given }))
      }),
    )
  })

  it.each<[string, Value[]]>([
    ['numbers', [1.5, Decimal.ofDigits('1.5'), Decimal.ofDigits('1.50')]],
    ['zeros', [0, -0, Decimal.ofDigits('0'), Decimal.ofDigits('-0.00')]],
    [
      'numbers beyond a double',
      [Decimal.ofDigits('9007199254740993'), Decimal.ofDigits('9007199254740993.0')],
    ],
    ['huge numbers that a double prints alike', [1e21, Decimal.ofDigits('1000000000000000000000')]],
    [
      'instants',
      [
        '2026-01-01T10:00:00Z',
        '2026-01-01T12:00:00+02:00',
        '2026-01-01T04:30:00-05:30',
        '2026-01-01T10:00:00.000Z',
      ],
    ],
    ['instants of the first century', ['0050-01-01T00:00:00Z', '0049-12-31T23:30:00-00:30']],
    [
      'instants with digits beyond milliseconds',
      ['2026-01-01T10:00:00.1234567Z', '2026-01-01T11:00:00.12345670+01:00'],
    ],
  ])('%s', (_, values) => {
    expect(new Set(values.map(valueHash)).size).toBe(1)
  })

  it('at any depth', () => {
    const one = [{ at: '2026-01-01T10:00:00Z', list: [1.5, { b: null, a: '' }] }]
    const two = [{ list: [Decimal.ofDigits('1.500'), { a: '', b: null }], at: '2026-01-01T11:00:00.0+01:00' }]
    expect(valueHash(one)).toBe(valueHash(two))
  })
})

describe('different hashes for what differs', () => {
  it('years before 100 and those of the last century', () => {
    for (const year of ['0000', '0001', '0050', '0099']) {
      const early = `${year}-03-01T00:00:00Z`
      expect(valueHash(early)).not.toBe(valueHash(`19${year.slice(2)}-03-01T00:00:00Z`))
      expect(instantSeconds(early)).toBe(Date.parse(early) / 1000)
    }
    expect(instantSeconds('0000-02-29T12:00:00+01:00')).toBe(Date.parse('0000-02-29T11:00:00Z') / 1000)
  })

  it('absent, null, empty, zero, false and what looks like them', () => {
    const values: Value[] = [
      null,
      '',
      0,
      false,
      true,
      1,
      'null',
      '0',
      'false',
      '1',
      [],
      {},
      [null],
      [''],
      [[]],
      { v: null },
    ]
    const hashes = [hashOf({}), ...values.map(valueHash)]
    expect(new Set(hashes).size).toBe(hashes.length)
  })

  it('near values', () => {
    const values: Value[] = [
      Decimal.ofDigits('9007199254740992.1'),
      Decimal.ofDigits('9007199254740993'),
      9007199254740992,
      '2026-01-01T10:00:00Z',
      '2026-01-01T10:00:00.001Z',
      '2026-01-01T10:00:00.0010001Z',
      '2026-01-01T10:00:00',
      '2026-01-01 10:00:00Z',
      Date.parse('2026-01-01T10:00:00Z') / 1000,
      [1, 2],
      [2, 1],
      [[1], 2],
      [1, [2]],
      { a: 1, b: 2 },
      { a: 2, b: 1 },
      'ab',
      'ba',
      'a',
      'a\0',
    ]
    expect(new Set(values.map(valueHash)).size).toBe(values.length)
  })

  it('values that two fields exchange', () => {
    fc.assert(
      fc.property(value, value, (one, two) => {
        const same = valueHash(one) === valueHash(two)
        expect(hashOf({ a: one, b: two }) === hashOf({ a: two, b: one })).toBe(same)
      }),
    )
  })

  it('a name and its value exchanged, and a part that moves into another field', () => {
    expect(hashOf({ a: 'b' })).not.toBe(hashOf({ b: 'a' }))
    expect(hashOf({ a: 'xy', b: 'z' })).not.toBe(hashOf({ a: 'x', b: 'yz' }))
  })
})

describe('many', () => {
  it.each<[string, number, (i: number) => void]>([
    ['short texts', 1_000_000, (i) => void hasher.text(i.toString(36))],
    ['numbered texts', 200_000, (i) => void hasher.text(`SKU-${String(i).padStart(8, '0')}`)],
    [
      'keys of two parts',
      200_000,
      (i) => void hasher.key({ a: i % 1000, b: Math.floor(i / 1000) }, ['a', 'b']),
    ],
    [
      'records',
      200_000,
      (i) => void hasher.record({ a: i % 100, b: Math.floor(i / 100) % 100, c: i / 10_000 }),
    ],
  ])('%s do not collide and are evenly spread in the low bits of each lane', (_, count, hash) => {
    const different = new KeyIndex()
    const spread = [new Uint32Array(1024), new Uint32Array(1024)] as const
    for (let i = 0; i < count; i++) {
      hash(i)
      different.set(hasher.a, hasher.b, 0, 0)
      spread[0][hasher.a & 1023] = (spread[0][hasher.a & 1023] ?? 0) + 1
      spread[1][hasher.b & 1023] = (spread[1][hasher.b & 1023] ?? 0) + 1
    }
    expect(different.size).toBe(count)
    for (const counts of spread) {
      const expected = count / 1024
      const chiSquare = counts.reduce((sum, found) => sum + (found - expected) ** 2 / expected, 0)
      // 1023 degrees of freedom: mean 1023, deviation 45; six deviations to either side
      expect(Math.abs(chiSquare - 1023)).toBeLessThan(270)
    }
  })
})
