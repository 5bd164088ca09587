import { reconcileSettings } from '../../../shared/core/definition/reconcile'
import type { KeptBreak } from '../../../shared/core/reconciliation/break'
import type { Reconciliation } from '../../../shared/core/reconciliation/reconciliation'
import { Decimal } from '../../../shared/core/record/decimal'
import type { DataRecord, Value } from '../../../shared/core/record/value'
import type { ReconcileEntry } from '../../../shared/generated/definition'
import { MemorySource } from '../../support/memory-systems'
import { reconciled, type Reconciled } from '../../support/reconcile'

function by(
  entry: ReconcileEntry,
  source: readonly DataRecord[],
  target: readonly DataRecord[],
): Promise<Reconciled> {
  return reconciled(source, target, reconcileSettings(entry, ['id'], undefined))
}

function kinds(breaks: readonly KeptBreak[]): [string, string][] {
  return breaks.map(({ kind, key }) => [kind, key])
}

/** What breaks and tolerance come to is what both sides are apart. */
function expectBalance({ measures }: Reconciliation): void {
  for (const { difference, ofBreaks, ofPending, ofAccepted, tolerated } of measures) {
    const parts = [ofBreaks, ofPending, ofAccepted, tolerated].map(Number)
    expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(Number(difference), 9)
  }
}

describe('Keys are made alike', () => {
  test.each<[string, ReconcileEntry, Value, Value]>([
    ['a number and its text', {}, 7, '7'],
    ['the same instant in two zones', {}, '2026-03-01T12:00:00Z', '2026-03-01T13:00:00+01:00'],
    ['case', { match: [[{ field: 'id', ignore: ['case'] }]] }, 'ab', 'AB'],
    ['spaces at the ends', { match: [[{ field: 'id', ignore: ['space'] }]] }, ' ab', 'ab  '],
    ['zeros in front', { match: [[{ field: 'id', ignore: ['zeros'] }]] }, '0042', 42],
    ['values that stand for another', { match: [[{ field: 'id', values: { EA: 'each' } }]] }, 'EA', 'each'],
  ])('%s', async (_, entry, source, target) => {
    const { result } = await by(entry, [{ id: source, n: 1 }], [{ id: target, n: 1 }])
    expect(result).toMatchObject({ status: 'ties-out', compared: { pairs: 1 } })
  })

  test('the parts of a key are not joined: 1 and 11 is not 11 and 1', async () => {
    const entry = { match: [['a', 'b']] }
    const { breaks } = await by(entry, [{ a: '1', b: '11' }], [{ a: '11', b: '1' }])
    expect(kinds(breaks)).toEqual([
      ['missing-in-target', '["1","11"]'],
      ['missing-in-source', '["11","1"]'],
    ])
  })

  test('records without a key never match each other', async () => {
    const { result, breaks } = await by({}, [{ id: null, n: 1 }, { n: 2 }], [{ id: '', n: 1 }])
    expect(breaks.map(({ kind }) => kind).sort()).toEqual([
      'missing-in-source',
      'missing-in-target',
      'missing-in-target',
    ])
    expect(result).toMatchObject({ source: { unreadable: 2 }, target: { unreadable: 1 } })
  })
})

describe('A total agrees only where records explain it', () => {
  test('a measure that one side alone has does not tie out', async () => {
    const entry: ReconcileEntry = { measures: ['amount'] }
    const { result } = await by(entry, [{ id: 1, amount: 5.5 }], [{ id: 1, amt: 5.5 }])
    expect(result).toMatchObject({
      status: 'breaks',
      breaks: { open: 0 },
      measures: [{ difference: '5.5', ofBreaks: '0', tolerated: '0', tiesOut: false }],
    })
    expect(result.notes).toContain(
      'amount is added up and not compared: only the source has it. No break explains what its totals differ by.',
    )
  })

  test('groups of a field that was not compared are told', async () => {
    const entry: ReconcileEntry = { dimensions: ['place'] }
    const { result } = await by(entry, [{ id: 1, place: 'A' }], [{ id: 1, site: 'A' }])
    expect(result.notes).toEqual([
      'Totals are grouped by place, which is not compared: only the source has it. Groups may differ where no record does.',
    ])
  })

  test('what is no number is told, because it adds nothing', async () => {
    const records = [
      { id: 1, amount: '1.234,50' },
      { id: 2, amount: 2 },
      { id: 3, amount: null },
    ]
    const { result } = await by({ measures: ['amount'] }, records, records)
    expect(result.status).toBe('ties-out')
    expect(result.notes).toEqual([
      'amount adds up only what is a number; records without one: 2 of 3 in the source, 2 of 3 in the target.',
    ])
  })

  test('a side without a record is not said to lack fields', async () => {
    const { result } = await by({ measures: ['amount'] }, [{ id: 1, amount: 5.5 }], [])
    expect(result.rules.ignored).toEqual([{ field: 'amount', why: 'the other side has no record' }])
    expect(result.notes).toEqual([])
  })
})

describe('Fields are compared', () => {
  const ties: [string, ReconcileEntry['compare'], Value | undefined, Value | undefined, string][] = [
    ['1.50 is 1.5', {}, Decimal.ofDigits('1.50'), 1.5, 'agreed'],
    ['within a tolerance', { v: { tolerance: 0.01 } }, 10, 10.01, 'tolerated'],
    ['within a share of the larger', { v: { relative: '1%' } }, 99, 100, 'tolerated'],
    ['within a time', { v: { within: '2s' } }, '2026-01-01T00:00:00Z', '2026-01-01T00:00:02Z', 'tolerated'],
    ['rounded', { v: { decimals: 1 } }, 1.24, 1.2, 'tolerated'],
    ['by a factor', { v: { factor: 1000 } }, 1500, 1.5, 'agreed'],
    [
      'whatever the case and the spaces',
      { v: { ignore: ['case', 'space'] } },
      ' Big  Box',
      'big box',
      'agreed',
    ],
    ['lists in any order', { v: { ignore: ['order'] } }, ['a', 'b', 'a'], ['b', 'a'], 'agreed'],
    ['null and empty, where they are alike', { v: { alike: [null, 'empty'] } }, null, '', 'agreed'],
    ['the same instant', {}, '2026-01-01T00:00:00Z', '2026-01-01T01:00:00.000+01:00', 'agreed'],
  ]
  test.each(ties)('equal: %s', async (_, compare, source, target, how) => {
    const { result } = await by({ compare: compare ?? {}, fields: ['v'] }, [row(source)], [row(target)])
    expect(result).toMatchObject({ status: 'ties-out', compared: { pairs: 1, [how]: 1 } })
  })

  const differences: [string, ReconcileEntry['compare'], Value | undefined, Value | undefined][] = [
    ['0 and null', {}, 0, null],
    ['null and absent', {}, null, undefined],
    ['null and empty', {}, null, ''],
    [
      'absent and empty, where only null and empty are alike',
      { v: { alike: [null, 'empty'] } },
      undefined,
      '',
    ],
    ['a number and its text, where both sides know types', {}, 5, '5'],
    [
      'just beyond the tolerance',
      { v: { tolerance: 0.01 } },
      Decimal.ofDigits('0.3'),
      Decimal.ofDigits('0.3100000000000000001'),
    ],
    ['equal as they stand, but in other units', { v: { factor: 1000 } }, 5, 5],
    ['lists of lists that would print alike', { v: { ignore: ['order'] } }, ['a,b'], ['a', 'b']],
    ['digits beyond a double', {}, Decimal.ofDigits('9007199254740993'), 9007199254740992],
  ]
  test.each(differences)('different: %s', async (_, compare, source, target) => {
    const { result } = await by({ compare: compare ?? {}, fields: ['v'] }, [row(source)], [row(target)])
    expect(result.breaks).toMatchObject({
      open: 1,
      byKind: { differs: 1 },
      byField: [{ field: 'v', breaks: 1 }],
    })
  })

  test('texts count as numbers where one side knows only texts', async () => {
    const texts = [{ id: '1', n: '5.0', ok: 'true' }]
    const { result } = await reconciled([{ id: 1, n: 5, ok: true }], new TextSource(texts))
    expect(result).toMatchObject({ status: 'ties-out' })
  })

  test('fields of one side only are not compared, also when one turns up late; the report says so', async () => {
    const target: DataRecord[] = Array.from({ length: 1500 }, (_, id) => ({ id, n: id }))
    const source: DataRecord[] = target.map((one) => ({ ...one, extra: 'x', late: 'y' }))
    target.push({ id: 1500, n: 1500, late: 'y' })
    source.push({ id: 1500, n: 1500, extra: 'x', late: 'y' })
    const { result } = await by({}, source, target)
    expect(result.rules.ignored).toEqual([{ field: 'extra', why: 'only the source has it' }])
    expect(result.breaks.byField).toEqual([{ field: 'late', breaks: 1500 }])
  })

  test('what tolerance lets pass adds up, and the total may not be further off than it may', async () => {
    const source = [1, 2, 3].map((id) => ({ id, v: 10 }))
    const target = [1, 2, 3].map((id) => ({ id, v: 10.01 }))
    const entry: ReconcileEntry = { compare: { v: { tolerance: 0.01 } }, measures: ['v'] }
    const loose = await by(entry, source, target)
    expect(loose.result).toMatchObject({
      status: 'ties-out',
      compared: { tolerated: 3 },
      measures: [{ difference: '-0.03', tolerated: '-0.03', ofBreaks: '0', tiesOut: true }],
    })
    const strict = await by({ ...entry, totals: { v: 0.02 } }, source, target)
    expect(strict.result).toMatchObject({
      status: 'breaks',
      breaks: { open: 0 },
      measures: [{ tiesOut: false }],
    })
  })
})

describe('Records of one key', () => {
  test('are paired equal ones first, then in an order that is not that of the input', async () => {
    const source = [row(1), row(2), row(3)]
    const target = [row(4), row(3), row(1)]
    const first = await by({ measures: ['v'] }, source, target)
    const second = await by({ measures: ['v'] }, [...source].reverse(), [...target].reverse())
    expect(first.breaks).toMatchObject([
      { kind: 'differs', records: { source: 3, target: 3 }, fields: [{ field: 'v', source: 2, target: 4 }] },
    ])
    expect(second.breaks).toEqual(first.breaks)
    expect(second.result.contentHash).toHaveLength(64)
    expectBalance(first.result)
  })

  test('that are left over are one duplicate on both sides, not missing', async () => {
    const { result, breaks } = await by({ measures: ['v'] }, [row(1), row(1), row(1)], [row(1)])
    expect(breaks).toMatchObject([
      { kind: 'duplicate', records: { source: 3, target: 1 }, effect: ['2'], source: row(1) },
    ])
    expect(result).toMatchObject({
      source: { repeated: 2 },
      target: { repeated: 0 },
      compared: { agreed: 1 },
    })
  })

  test('that the other side does not have at all are missing once', async () => {
    const { breaks } = await by({ measures: ['v'] }, [], [row(1), row(2)])
    expect(breaks).toMatchObject([
      { kind: 'missing-in-source', records: { source: 0, target: 2 }, effect: ['-3'] },
    ])
  })

  test('as many and all equal are no break, but they are counted', async () => {
    const { result } = await by({}, [row(1), row(2)], [row(2), row(1)])
    expect(result).toMatchObject({ status: 'ties-out', source: { repeated: 1 }, target: { repeated: 1 } })
  })
})

describe('Match rules', () => {
  const invoices: DataRecord[] = [
    { id: 'i1', customer: 'c1', amount: 100, day: '2026-03-01' },
    { id: 'i2', customer: 'c2', amount: 50, day: '2026-03-05' },
  ]

  test('a payment that is no number is not left out of the sum', async () => {
    const payments = [
      { id: 'i1', amount: 100 },
      { id: 'i1', amount: '7,00' },
      { id: 'i2', amount: 50 },
      { id: 'i2', amount: null },
    ]
    const entry: ReconcileEntry = { match: [{ on: 'id', pairing: 'one-to-many', sum: ['amount'] }] }
    const { breaks } = await by(entry, invoices, payments)
    expect(breaks).toMatchObject([
      { kind: 'differs', key: '["i1"]', fields: [{ field: 'amount', source: 100, target: '7,00' }] },
    ])
  })

  test('an invoice against its payments: only the sum counts', async () => {
    const payments = [
      { invoice: 'i1', amount: 60.1, day: 'x' },
      { invoice: 'i1', amount: 39.9, day: 'y' },
      { invoice: 'i2', amount: 20, day: 'z' },
    ].map(({ invoice, ...rest }) => ({ id: invoice, ...rest }))
    const entry: ReconcileEntry = {
      match: [{ on: 'id', pairing: 'one-to-many', sum: ['amount'] }],
      measures: ['amount', { name: 'records', fields: [] }],
    }
    const { result, breaks } = await by(entry, invoices, payments)
    expect(breaks).toMatchObject([
      {
        kind: 'differs',
        key: '["i2"]',
        fields: [{ field: 'amount', source: 50, target: 20, difference: '30' }],
        effect: ['30', '0'],
      },
    ])
    expect(result.compared).toEqual({ pairs: 2, agreed: 1, tolerated: 0 })
    expect(result.rules.fields).toEqual([{ field: 'amount', rule: 'exactly' }])
    expect(result.rules.ignored).toEqual([
      { field: 'customer', why: 'only the source has it' },
      { field: 'day', why: 'records are matched by sums, and only these are compared' },
    ])
    expect(result.measures).toMatchObject([
      { measure: 'amount', difference: '30', tolerated: '0' },
      { measure: 'records', difference: '-1', tolerated: '-1' },
    ])
    expectBalance(result)

    const mirrored: ReconcileEntry = {
      ...entry,
      match: [{ on: 'id', pairing: 'many-to-one', sum: ['amount'] }],
    }
    const back = await by(mirrored, payments, invoices)
    expect(back.breaks).toMatchObject([{ effect: ['-30', '0'], fields: [{ difference: '-30' }] }])
  })

  test('many to many compares the sums of both', async () => {
    const entry: ReconcileEntry = { match: [{ on: 'id', pairing: 'many-to-many', sum: ['v'] }] }
    const { result } = await by(entry, [row(1), row(4)], [row(2), row(2), row(1)])
    expect(result).toMatchObject({ status: 'ties-out', compared: { pairs: 1, agreed: 1 } })
  })

  test('a later rule takes what the first left, within days', async () => {
    const booked: DataRecord[] = [
      { id: 'b1', customer: 'c1', amount: 100, day: '2026-03-03' },
      { id: 'b2', customer: 'c2', amount: 50, day: '2026-03-20' },
    ]
    const entry: ReconcileEntry = {
      match: ['id', ['customer', 'amount', { field: 'day', withinDays: 3 }]],
      measures: ['amount'],
    }
    const { result, breaks } = await by(entry, invoices, booked)
    expect(breaks.map(({ kind, key, rule }) => [kind, key, rule])).toEqual([
      ['missing-in-source', '["b2"]', 2],
      ['missing-in-target', '["i2"]', 2],
    ])
    expect(result.compared).toEqual({ pairs: 1, agreed: 1, tolerated: 0 })
    expect(result.rules.match).toEqual(['id', 'customer, amount, day (within 3 days)'])
    expectBalance(result)
  })

  test('what a later rule has taken is no duplicate of the first', async () => {
    const source = [
      { id: 'a', ref: 'x', v: 1 },
      { id: 'a', ref: 'y', v: 2 },
    ]
    const target = [
      { id: 'a', ref: 'x', v: 1 },
      { id: 'b', ref: 'y', v: 2 },
    ]
    const { result } = await by({ match: ['id', 'ref'] }, source, target)
    expect(result).toMatchObject({ status: 'ties-out', compared: { pairs: 2, agreed: 2 } })
  })
})

describe('Totals', () => {
  test('are exact, by dimensions that are derived; equal totals do not hide unequal records', async () => {
    const source = [
      { id: 1, account: '4711', at: '2026-01-31T23:30:00-05:00', v: 0.1 },
      { id: 2, account: '4712', at: '2026-02-10T00:00:00Z', v: 0.2 },
      { id: 3, account: '4800', at: '2026-02-11', v: Decimal.ofDigits('90071992547409931.5') },
    ]
    const target = [
      { id: 1, account: '4711', at: '2026-02-01T04:30:00Z', v: 0.2 },
      { id: 2, account: '4712', at: '2026-02-10T00:00:00Z', v: 0.1 },
      { id: 3, account: '4800', at: '2026-02-11', v: Decimal.ofDigits('90071992547409931.50') },
    ]
    const { result } = await by(
      {
        dimensions: [
          { name: 'branch', field: 'account', first: 2 },
          { name: 'month', field: 'at', by: 'month' },
        ],
        measures: ['v'],
      },
      source,
      target,
    )
    expect(result.totals).toMatchObject([
      {
        dimensions: ['47', '2026-02'],
        differences: ['0'],
        breaks: 2,
        source: { measures: [{ sum: '0.3', min: '0.1', max: '0.2' }] },
      },
      { dimensions: ['48', '2026-02'], differences: ['0'], breaks: 0 },
    ])
    expect(result.measures).toMatchObject([{ source: { sum: '90071992547409931.8' }, difference: '0' }])
    expect(result.offsetting).toEqual([
      'branch 47, month 2026-02: v is 0.3 on both sides, but 2 breaks hide in it that cancel out (+0.1 and -0.1).',
    ])
  })

  test('absent, null and empty are three groups', async () => {
    const records = [{ id: 1 }, { id: 2, g: null }, { id: 3, g: '' }]
    const { result } = await by({ dimensions: ['g'] }, records, records)
    expect(result.totals.map(({ dimensions }) => dimensions[0]).sort()).toEqual([
      '(absent)',
      '(empty)',
      '(null)',
    ])
  })
})

function row(v: Value | undefined): DataRecord {
  return v === undefined ? { id: 1 } : { id: 1, v }
}

/** Knows only texts, as a CSV file. */
class TextSource extends MemorySource {
  override readonly typed = false
}
