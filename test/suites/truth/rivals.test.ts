import { exactField } from '../../../shared/core/reconciliation/defaults'
import type { ReconcileSettings } from '../../../shared/core/reconciliation/settings'
import type { DataRecord } from '../../../shared/core/record/value'
import { reconciled, type Reconciled } from '../../support/reconcile'

type Records = readonly DataRecord[]

/** By sku and location. */
function byTwo(
  source: Records,
  target: Records,
  settings: Partial<ReconcileSettings> = {},
): Promise<Reconciled> {
  const match = [{ on: ['sku', 'location'].map(exactField), pairing: 'one-to-one' as const, sum: [] }]
  return reconciled(source, target, { match, ...settings }, { parts: { key: ['sku', 'location'] } })
}

function kinds({ breaks }: Reconciled): string[] {
  return breaks.map(({ kind }) => kind)
}

/** Faults that other comparing tools have. */
describe('It is not taken for the same', () => {
  it.each<[string, DataRecord, DataRecord]>([
    ['0 and null', { q: 0 }, { q: null }],
    ['0 and empty', { q: 0 }, { q: '' }],
    ['0 and absent', { q: 0 }, {}],
    ['0 and false', { q: 0 }, { q: false }],
    ['null and empty', { q: null }, { q: '' }],
    ['null and absent', { q: null }, {}],
    ['"null" and null', { q: 'null' }, { q: null }],
    ['3 and "3"', { q: 3 }, { q: '3' }],
    ['"3" and "3.0"', { q: '3' }, { q: '3.0' }],
    ['"007" and "7"', { q: '007' }, { q: '7' }],
    ['"a" and "a "', { q: 'a' }, { q: 'a ' }],
    ['a composed and a decomposed letter', { q: 'é' }, { q: 'e\u0301' }],
    ['numbers that differ beyond a double', { q: '9007199254740993' }, { q: '9007199254740992' }],
    ['lists in another order', { q: [1, 2] }, { q: [2, 1] }],
  ])('%s', async (_, source, target) => {
    const fields = ['q']
    const { breaks } = await reconciled([{ id: 1, ...source }], [{ id: 1, ...target }], { fields })
    expect(breaks.map(({ fields }) => fields.map(({ field }) => field))).toEqual([['q']])
  })
})

it('3, 3.0 and 3e0 are the same number', async () => {
  const { result } = await reconciled([{ id: 1, q: 3 }], [JSON.parse('{"id": 1, "q": 3.0}')])
  expect(result.status).toBe('ties-out')
})

it('0 is shown as 0 in a difference, and null as null', async () => {
  const { breaks } = await reconciled([{ id: 1, q: 0, r: null }], [{ id: 1, q: 5, r: 0 }])
  expect(breaks[0]?.fields).toEqual([
    { field: 'q', source: 0, target: 5, difference: '-5' },
    { field: 'r', source: null, target: 0 },
  ])
})

describe('Duplicates', () => {
  const one = { id: 1, q: 5 }

  it('of the target are told as duplicates and not as records that only it has', async () => {
    const found = await reconciled([one], [one, { ...one }])
    expect(kinds(found)).toEqual(['duplicate'])
    expect(found.breaks[0]?.records).toEqual({ source: 1, target: 2 })
  })

  it('of both sides are not multiplied', async () => {
    const two = [one, { ...one }, { ...one }]
    const { result, breaks } = await reconciled(
      two,
      two.map((record) => ({ ...record })),
    )
    expect(breaks).toEqual([])
    expect(result.source.repeated).toBe(2)
    expect(result.target.repeated).toBe(2)
  })

  it('that hold other values are compared, each with the one that is most like it', async () => {
    const found = await reconciled(
      [one, { id: 1, q: 7 }],
      [
        { id: 1, q: 7 },
        { id: 1, q: 6 },
      ],
    )
    expect(kinds(found)).toEqual(['differs'])
    expect(found.breaks[0]?.fields).toEqual([{ field: 'q', source: 5, target: 6, difference: '-1' }])
  })
})

describe('Keys of several parts', () => {
  it('1 and 11 are not 11 and 1', async () => {
    const found = await byTwo([{ sku: '1', location: '11', q: 1 }], [{ sku: '11', location: '1', q: 1 }])
    expect(kinds(found).sort()).toEqual(['missing-in-source', 'missing-in-target'])
  })

  it.each(['|', ',', '\0', '","', '\u001f', ';', '\n', '\\'])(
    'a separator in the data, such as %j, separates nothing',
    async (sign) => {
      const found = await byTwo(
        [{ sku: `a${sign}b`, location: 'c', q: 1 }],
        [{ sku: 'a', location: `b${sign}c`, q: 1 }],
      )
      expect(kinds(found).sort()).toEqual(['missing-in-source', 'missing-in-target'])
    },
  )

  it.each([null, '', undefined])('a part that is %j matches nothing', async (part) => {
    const record = { sku: 'a', q: 1, ...(part === undefined ? {} : { location: part }) }
    const found = await byTwo([record], [{ ...record }])
    expect(kinds(found).sort()).toEqual(['missing-in-source', 'missing-in-target'])
    expect(found.result.status).toBe('breaks')
  })
})

describe('Totals', () => {
  const measures = [{ name: 'q', fields: ['q'] }]

  it('that are equal do not hide records that differ', async () => {
    const { result, breaks } = await reconciled(
      [
        { id: 1, q: 10 },
        { id: 2, q: 20 },
      ],
      [
        { id: 1, q: 15 },
        { id: 2, q: 15 },
      ],
      { measures },
    )
    expect(result.status).toBe('breaks')
    expect(breaks).toHaveLength(2)
    expect(result.measures[0]?.difference).toBe('0')
    expect(result.offsetting).toHaveLength(1)
    expect(result.offsetting[0]).toContain('+5 and -5')
  })

  it('of money are exact: 0.1 + 0.2 is 0.3', async () => {
    const { result } = await reconciled(
      [
        { id: 1, q: 0.1 },
        { id: 2, q: 0.2 },
      ],
      [
        { id: 1, q: 0.1 },
        { id: 2, q: 0.2 },
        { id: 3, q: 1e-9 },
      ],
      { measures },
    )
    expect(result.measures[0]).toMatchObject({
      source: { sum: '0.3' },
      target: { sum: '0.300000001' },
      difference: '-0.000000001',
    })
  })

  it('keep their cents beyond 2^53, over a million cents that a double would lose', async () => {
    const many = Array.from({ length: 1000 }, (_, i) => ({ id: i, q: 9_007_199_254_740.01 }))
    const { result } = await reconciled(many, many.slice(1), { measures })
    expect(result.measures[0]?.source.sum).toBe('9007199254740010')
    expect(result.measures[0]?.difference).toBe('9007199254740.01')
  })
})

it('what is compared is not changed', async () => {
  const source = [
    { id: 1, q: 0, tags: ['b', 'a'], inner: { x: 1 } },
    { id: 2, q: 1, tags: [], inner: {} },
  ]
  const target = [
    { id: 1, q: 5, tags: ['a', 'b'], inner: { x: 2 } },
    { id: 3, q: 1, tags: [], inner: {} },
  ]
  const before = JSON.stringify([source, target])
  const rule = { fold: true, space: true, set: true, alike: [] }
  await reconciled(source.map(frozen), target.map(frozen), { ignore: ['q'], compare: { tags: rule } })
  expect(JSON.stringify([source, target])).toBe(before)
})

it('a field that is not compared is told, and cannot hide in the result', async () => {
  const { result, breaks } = await reconciled([{ id: 1, q: 1, r: 1 }], [{ id: 1, q: 2, r: 1 }], {
    ignore: ['q'],
  })
  expect(breaks).toEqual([])
  expect(result.rules.ignored.map(({ field }) => field)).toContain('q')
})

it('an invoice agrees with the sum of its payments, and one that was not paid in full does not', async () => {
  const rule = { on: [exactField('invoice')], sum: ['amount'] }
  const found = await reconciled(
    [
      { invoice: 'A', amount: 0.3 },
      { invoice: 'B', amount: 50 },
      { invoice: 'C', amount: 5 },
    ],
    [
      { invoice: 'A', amount: 0.1 },
      { invoice: 'A', amount: 0.2 },
      { invoice: 'B', amount: 20 },
      { invoice: 'B', amount: 25 },
    ],
    { match: [{ ...rule, pairing: 'one-to-many' }], measures: [{ name: 'amount', fields: ['amount'] }] },
    { parts: { key: ['invoice'] } },
  )
  expect(found.breaks.map(({ kind, key, effect }) => [kind, key, effect])).toEqual([
    ['differs', '["B"]', ['5']],
    ['missing-in-target', '["C"]', ['5']],
  ])
  expect(found.result.measures[0]?.difference).toBe('10')
})

function frozen<T extends object>(value: T): T {
  for (const inner of Object.values(value))
    if (typeof inner === 'object' && inner !== null) Object.freeze(inner)
  return Object.freeze(value)
}
