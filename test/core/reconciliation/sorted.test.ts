import fc from 'fast-check'
import { NodeSpill } from '../../../shared/adapters/spill'
import { signer } from '../../../shared/adapters/signer'
import { MalformedRow, type Page, type ReadRequest } from '../../../shared/core/connector'
import type { Spill } from '../../../shared/core/ports'
import { exactField, exactMatch } from '../../../shared/core/reconciliation/defaults'
import type { ReconcileSettings } from '../../../shared/core/reconciliation/settings'
import { Decimal } from '../../../shared/core/record/decimal'
import { Rejection } from '../../../shared/core/record/rejection'
import { textOf, type DataRecord, type Value } from '../../../shared/core/record/value'
import { FakeClock } from '../../support/fake-clock'
import { MemorySource } from '../../support/memory-systems'
import { reconciled, type Reconciled } from '../../support/reconcile'

/** Pages of a few rows, so that keys go over their ends. */
class SmallPages extends MemorySource {
  constructor(
    rows: (DataRecord | MalformedRow)[],
    private readonly size: number,
  ) {
    super(rows)
  }

  override read(request: ReadRequest): AsyncGenerator<Page> {
    return super.read({ ...request, pageSize: this.size })
  }
}

/** Nothing may go to disk. */
const NO_DISK: Spill = {
  log: () => {
    throw new Error('something went to disk')
  },
  table: () => {
    throw new Error('something went to disk')
  },
}
const SCHEMA = { properties: { id: {}, place: {}, quantity: {}, note: {} } }
const KEY = ['id', 'place']

function run(
  source: readonly (DataRecord | MalformedRow)[],
  target: readonly (DataRecord | MalformedRow)[],
  settings: Partial<ReconcileSettings>,
  { size = 3, spill = NO_DISK, personal = [] as string[] } = {},
): Promise<Reconciled> {
  const ports = { clock: new FakeClock(), spill, signer }
  const parts = { key: KEY, schema: SCHEMA, personal }
  return reconciled(new SmallPages([...source], size), new SmallPages([...target], size), settings, {
    parts,
    ports,
  })
}

function sorted(
  source: readonly (DataRecord | MalformedRow)[],
  target: readonly (DataRecord | MalformedRow)[],
  options = {},
): Promise<Reconciled> {
  return run(source, target, { sorted: true, match: [exactMatch(KEY)] }, options)
}

function ids(...values: Value[]): DataRecord[] {
  return values.map((id) => ({ id, place: 'x' }))
}

const id = fc.constantFrom('1', '10', '2', 'a', 'A', 'B ', 'é', '\uffee', '😀', 'a,b')
const place = fc.oneof(
  fc.integer({ min: -2, max: 11 }),
  fc.constantFrom(0.5, Decimal.ofDigits('9007199254740993')),
)
const rest = { quantity: fc.integer({ min: 0, max: 3 }), note: fc.constantFrom<Value>(null, '', 'x') }
const keyed: fc.Arbitrary<DataRecord> = fc.record(
  { id, place, ...rest },
  { requiredKeys: ['id', 'place'], noNullPrototype: true },
)
const keyless: fc.Arbitrary<DataRecord> = fc.record(
  { id: fc.constant(null), place, ...rest },
  { noNullPrototype: true },
)
const broken = fc.constant(new MalformedRow(new Rejection('ROW_TOO_LONG', 'no row'), 'row ?', 'x'))

/** As the systems sort, and not as the product does: texts by `Buffer.compare`, numbers as numbers. */
function inOrder(records: readonly DataRecord[]): DataRecord[] {
  const text = ({ id }: DataRecord): Buffer => Buffer.from(textOf(id))
  const number = ({ place }: DataRecord): bigint =>
    BigInt(textOf(place).replace('.5', '').padEnd(1, '0')) * 2n + (place === 0.5 ? 1n : 0n)
  return [...records].sort(
    (one, two) => Buffer.compare(text(one), text(two)) || Number(number(one) - number(two)),
  )
}

/** Sorted, with rows in between that have no place in the order. */
const side = fc
  .tuple(
    fc.array(keyed, { maxLength: 25 }),
    fc.array(fc.tuple(fc.nat(30), fc.oneof(keyless, broken)), { maxLength: 3 }),
  )
  .map(([records, others]) => {
    const rows: (DataRecord | MalformedRow)[] = inOrder(records)
    for (const [at, row] of others) rows.splice(Math.min(at, rows.length), 0, row)
    return rows
  })

describe('sides in the order of the key', () => {
  it('give what any order gives, from a page at a time and without the disk', async () => {
    await fc.assert(
      fc.asyncProperty(side, side, fc.integer({ min: 1, max: 9 }), async (source, target, size) => {
        const settings: Partial<ReconcileSettings> = {
          match: [exactMatch(KEY)],
          dimensions: [{ name: 'id', field: 'id', by: 'value' }],
          measures: [{ name: 'quantity', fields: ['quantity'] }],
        }
        const records = await run(source, target, settings, { size })
        const merged = await run(source, target, { ...settings, sorted: true, memory: 1 }, { size })
        expect(merged.result.method).toBe('sorted')
        expect(said(merged)).toEqual(said(records))
      }),
      { numRuns: 150 },
    )
  })

  it('lead to the same by later match rules', async () => {
    const settings = { match: [exactMatch(KEY), exactMatch(['id'])] }
    await fc.assert(
      fc.asyncProperty(side, side, async (source, target) => {
        const records = await run(source, target, settings, { spill: new NodeSpill() })
        const merged = await run(source, target, { ...settings, sorted: true }, { spill: new NodeSpill() })
        expect(said(merged)).toEqual(said(records))
      }),
      { numRuns: 40 },
    )
  })

  it.each<[string, Value[]]>([
    ['numbers by value', [-1.5, 9, 10, Decimal.ofDigits('9007199254740993'), 1e21]],
    ['texts of digits as texts', ['0999', '10', '1000', '9']],
    ['texts by the bytes of UTF-8', ['B', 'a', 'z', 'é', '\ue000', '\uffee', '😀']],
    [
      'date-times by their instant',
      [
        '1969-12-31T23:59:58.5Z',
        '1969-12-31T23:59:59Z',
        '2026-01-01T01:00:00+02:00',
        '2026-01-01T00:00:00.25Z',
        '2026-01-01T00:00:00.3Z',
      ],
    ],
    ['days as texts', ['2025-12-31', '2026-01-01']],
    ['truth as text', [false, true]],
  ])('%s', async (_, values) => {
    const [, ...others] = values
    const { result, breaks } = await sorted(ids(...values), ids(...others))
    expect(result.fault).toBeUndefined()
    expect(breaks.map(({ kind }) => kind)).toEqual(['missing-in-target'])
    expect(result.compared.agreed).toBe(values.length - 1)
  })

  it('are compared as the key is made alike', async () => {
    const on = [{ ...exactField('id'), fold: true, stripZeros: true }, exactField('place')]
    const settings = { match: [{ on, pairing: 'one-to-one' as const, sum: [] }], sorted: true }
    const { result } = await run(ids('0A', 'b', 'C'), ids('a', '00B', 'c'), settings)
    expect(result).toMatchObject({ status: 'ties-out', compared: { agreed: 3 } })
  })
})

describe('a side that is not', () => {
  it.each<[string, Value[], RegExp]>([
    ['is unsorted', ['a', 'c', 'c', 'b', 'd'], /row 4 has b \/ x after c \/ x/],
    ['has numbers in the order of texts', [1, 10, 2], /row 3 has 2 \/ x after 10 \/ x/],
    ['has digits in the order of numbers', ['9', '10'], /row 2 has 10 \/ x after 9 \/ x/],
    ['was sorted by the rules of a language', ['a', 'B'], /row 2 has/],
  ])('stops the reconciliation when it %s', async (_, values, says) => {
    for (const size of [1, 2, 100]) {
      const { result } = await sorted([], ids(...values), { size })
      expect(result).toMatchObject({ status: 'failed', fault: { code: 'SIDE_NOT_SORTED' } })
      expect(result.fault?.detail).toMatch(/^The target \(wms\) is not in the order of its key: /)
      expect(result.fault?.detail).toMatch(says)
      expect(result.fault?.evidence).toMatchObject({ side: 'target', connection: 'wms' })
    }
  })

  it('is named by the place that the connector gives, past rows that are no records', async () => {
    const source = new MemorySource([
      ...ids('b'),
      new MalformedRow(new Rejection('ROW_TOO_LONG', 'x'), 'line 3', 'x'),
      ...ids('a'),
    ])
    source.place = (row) => `stock.csv line ${row + 1}`
    const { result } = await reconciled(source, ids('a'), { sorted: true, fields: ['place'] })
    expect(result.fault?.detail).toContain('stock.csv line 4 has a after b')
  })

  it('does not tell what is personal', async () => {
    const { result } = await sorted(ids('kimberly', 'adalbert'), [], { personal: ['id'] })
    expect(result.fault?.detail).toContain('after')
    expect(JSON.stringify(result)).not.toMatch(/kimberly|adalbert/)
  })

  it('has texts where the other has numbers is told how to say which', async () => {
    const { result } = await sorted(ids(9, 10), ids('10', '9'))
    expect(result.fault).toMatchObject({
      code: 'SIDE_NOT_SORTED',
      detail: expect.stringMatching(
        /id is a number in the source and a text in the target.*schema/,
      ) as unknown,
    })
  })
})

test('sides that are not declared to be sorted are read in any order', async () => {
  const { result } = await run(
    ids('b', 'a'),
    ids('a', 'b'),
    { match: [exactMatch(KEY)] },
    { spill: new NodeSpill() },
  )
  expect(result).toMatchObject({ status: 'ties-out', method: 'records' })
})

test('both sides are left when one stops', async () => {
  let left = 0
  class Watched extends SmallPages {
    override async *read(request: ReadRequest): AsyncGenerator<Page> {
      try {
        yield* super.read(request)
      } finally {
        left++
      }
    }
  }
  await reconciled(new Watched(ids('b', 'a'), 1), new Watched(ids('a', 'b', 'c'), 1), {
    sorted: true,
    fields: ['place'],
  })
  expect(left).toBe(2)
})

/** All that a reader of the report learns, but for the way in which it was found out. */
function said({ result, breaks }: Reconciled): unknown {
  return [{ ...result, method: '', contentHash: '' }, breaks.map((one) => ({ ...one, id: 0 }))]
}
