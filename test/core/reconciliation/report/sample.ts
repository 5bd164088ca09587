import type { Break } from '../../../../shared/core/reconciliation/break'
import type { GroupTie, Reconciliation } from '../../../../shared/core/reconciliation/reconciliation'
import type { Report } from '../../../../shared/core/reconciliation/report/report'
import type { MeasureTotals } from '../../../../shared/core/reconciliation/measure-totals'

// A reconciliation of stock as a finance person would get it, with something of everything.

const LOCATIONS = ['Rotterdam', 'Antwerp', 'Hamburg', 'Gdańsk', 'Le Havre', 'Felixstowe']

const total = (sum: string, count = 100): MeasureTotals => ({ count, sum, min: '0', max: '940' })

function group(location: string, at: number): GroupTie {
  const off = at < 4 ? (['980', '312.5', '-58', '0'][at] ?? '0') : '0'
  return {
    dimensions: [location],
    source: { records: 1700 + at, measures: [total(String(48_000 + Number(off) - at)), total('1204000.25')] },
    target: { records: 1702, measures: [total(String(48_000 - at)), total('1204000.25')] },
    differences: [off, at === 1 ? '-12.75' : '0'],
    breaks: [260, 41, 30, 9, 0, 0][at] ?? 0,
  }
}

export const reconciliation: Reconciliation = {
  reconciliation: 1,
  id: '7f3a9c52d41e4a0b8d6612c0ffee0001',
  workflow: 'stock',
  title: 'Stock of the web shop',
  status: 'breaks',
  asOf: '2026-11-30T18:00:00.000Z',
  started: '2026-11-30T18:00:04.000Z',
  ended: '2026-11-30T18:00:19.000Z',
  source: { connection: 'erp', stream: 'inventory', records: 10_205, repeated: 3, unreadable: 1 },
  target: { connection: 'shop', stream: 'stock', records: 10_212, repeated: 5, unreadable: 0 },
  compared: { pairs: 10_190, agreed: 9_862, tolerated: 12 },
  rules: {
    match: ['sku and location are equal, without regard to case and spaces', 'gtin is equal'],
    fields: [
      { field: 'quantity', rule: 'agrees within 0.5' },
      { field: 'price', rule: 'equal' },
      { field: 'name', rule: 'equal, without regard to case' },
      { field: 'updated', rule: 'equal' },
    ],
    ignored: [{ field: 'note', why: 'named under reconcile.ignore' }],
  },
  breaks: {
    open: 340,
    pending: 4,
    accepted: 2,
    byKind: { differs: 316, 'missing-in-target': 14, 'missing-in-source': 8, duplicate: 2 },
    byField: [
      { field: 'quantity', breaks: 312 },
      { field: 'name', breaks: 6 },
      { field: 'price', breaks: 4 },
    ],
  },
  measures: [
    {
      measure: 'quantity',
      source: total('289234.5', 10_205),
      target: total('288000', 10_212),
      difference: '1234.5',
      ofBreaks: '1230',
      ofPending: '3',
      ofAccepted: '-1',
      tolerated: '2.5',
      tiesOut: false,
    },
    {
      measure: 'amount',
      source: total('7224001.5'),
      target: total('7224014.25'),
      difference: '-12.75',
      ofBreaks: '-12.75',
      ofPending: '0',
      ofAccepted: '0',
      tolerated: '0',
      tiesOut: false,
    },
  ],
  dimensions: ['location'],
  totals: LOCATIONS.map(group),
  causes: [
    {
      id: 'sign',
      title: 'The sign of quantity is turned round',
      sentence: 'The sign of quantity is turned round: accounts for 290 of 340 breaks.',
      breaks: 290,
      of: 340,
      examples: ['["A1","Rotterdam"]', '["A7","Rotterdam"]'],
      advice: 'Look how the source books returns, and turn the sign in the mapping.',
    },
    {
      id: 'space',
      title: 'name differs in spaces only',
      sentence: 'name differs in spaces only: accounts for 6 of 340 breaks.',
      breaks: 6,
      of: 340,
      examples: ['["B2","Antwerp"]'],
      advice: 'Compare name with `space: true`, or trim it in the mapping.',
    },
  ],
  offsetting: [
    'Gdańsk agrees in quantity although 9 records differ: their differences cancel each other out.',
  ],
  method: 'records',
  notes: ['1 row of inventory could not be read.'],
  trend: [
    { id: 'a', ended: '2026-08-31T18:00:00.000Z', open: 12, difference: ['40', '0'] },
    { id: 'b', ended: '2026-09-30T18:00:00.000Z', open: 0, difference: ['0', '0'] },
    { id: 'c', ended: '2026-10-31T18:00:00.000Z', open: 55, difference: ['-210.5', '3.25'] },
  ],
  oldest: '2026-10-31T18:00:00.000Z',
  contentHash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
}

/** In the order of breaks. */
export const breaks: readonly Break[] = [
  ...Array.from({ length: 30 }, (_, at): Break => {
    const quantity = 12 + at
    const location = LOCATIONS[at % 4] ?? ''
    return {
      kind: 'differs',
      key: JSON.stringify([`A${String(at + 10)}`, location]),
      rule: 1,
      source: { sku: `A${at + 10}`, location, quantity, name: 'Bolt M8', price: 3.2 },
      target: { sku: `A${at + 10}`, location, quantity: -quantity, name: 'Bolt M8', price: 3.2 },
      fields: [{ field: 'quantity', source: quantity, target: -quantity, difference: String(quantity * 2) }],
      dimensions: [location],
      effect: [String(quantity * 2), '0'],
      state: 'open',
      cause: 'sign',
      ...(at % 3 === 0 ? { firstSeen: Date.parse('2026-10-31T18:00:00.000Z') } : {}),
    }
  }),
  {
    kind: 'differs',
    key: '["B2","Antwerp"]',
    rule: 1,
    source: { sku: 'B2', location: 'Antwerp', quantity: 4, name: 'Washer <M8> & "ring" ', price: null },
    target: { sku: 'B2', location: 'Antwerp', quantity: 4, name: 'Washer <M8> & "ring"', price: '' },
    fields: [
      { field: 'name', source: 'Washer <M8> & "ring" ', target: 'Washer <M8> & "ring"' },
      { field: 'price', source: null, target: '' },
      { field: 'updated', target: '2026-11-30T10:00:00+01:00' },
    ],
    dimensions: ['Antwerp'],
    effect: ['0', '0'],
    state: 'open',
    cause: 'space',
  },
  {
    kind: 'duplicate',
    key: '["D1","Antwerp"]',
    rule: 1,
    source: { sku: 'D1', location: 'Antwerp', quantity: 4 },
    target: { sku: 'D1', location: 'Antwerp', quantity: 4 },
    records: { source: 1, target: 2 },
    fields: [],
    dimensions: ['Antwerp'],
    effect: ['-4', '-12.75'],
    state: 'open',
  },
  {
    kind: 'missing-in-source',
    key: '["=HYPERLINK(1)","Hamburg"]',
    rule: 2,
    target: { sku: '=HYPERLINK(1)', location: 'Hamburg', quantity: 58, name: '<script>alert(1)</script>' },
    fields: [],
    dimensions: ['Hamburg'],
    effect: ['-58', '0'],
    state: 'pending',
  },
  {
    kind: 'missing-in-target',
    key: '["Z9","Hamburg"]',
    rule: 2,
    source: { sku: 'Z9', location: 'Hamburg', quantity: 1, name: '+49 30 1', updated: '2026-11-03' },
    fields: [],
    dimensions: ['Hamburg'],
    effect: ['1', '0'],
    state: 'accepted',
  },
]

export function sample(changes: Partial<Reconciliation> = {}, list: readonly Break[] = breaks): Report {
  return {
    reconciliation: { ...reconciliation, ...changes },
    breaks: async function* () {
      await Promise.resolve()
      for (let at = 0; at < list.length; at += 10) yield list.slice(at, at + 10)
    },
    signatures: [],
  }
}
