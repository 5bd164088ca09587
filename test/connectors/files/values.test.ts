import fc from 'fast-check'
import { csv } from '../../../connectors/csv'
import { json } from '../../../connectors/json'
import { ndjson } from '../../../connectors/ndjson'
import { xlsx } from '../../../connectors/xlsx'
import { xml } from '../../../connectors/xml'
import type { Connector } from '../../../shared/core/connector'
import { MalformedRow } from '../../../shared/core/connector'
import { canonicalText } from '../../../shared/core/record/canonical'
import { Decimal, exactNumber } from '../../../shared/core/record/decimal'
import { textOf, type DataRecord, type Value } from '../../../shared/core/record/value'
import { FileBench } from './bench'

let bench: FileBench
beforeEach(async () => {
  bench = await FileBench.open()
})
afterEach(() => bench.close())

const formats: [name: string, connector: Connector][] = [
  ['csv', csv],
  ['json', json],
  ['ndjson', ndjson],
  ['xml', xml],
  ['xlsx', xlsx],
]

/** Values that systems lose, each in a record of its own. */
const traps: Value[] = [
  'a "quoted" text, with a comma; and\ta tab',
  'two\nlines',
  'two\r\nlines',
  ' spaces ',
  '007',
  '',
  null,
  0,
  -0.5,
  false,
  'null',
  'NaN',
  '😀 漢字 e\u0301',
  'x'.repeat(256),
  exactNumber('9007199254740993') ?? null,
  exactNumber('123456789012345678901234567890.123456789') ?? null,
  1.5,
  '2026-10-25T02:30:00+02:00',
  '2026-10-25T02:30:00+01:00',
  '<![CDATA[ ]]> &amp; &#0;',
  '\uFEFFbom',
  "it's",
]

describe.each(formats)('%s', (name, connector) => {
  const file = `values.${name}`
  const roundTrip = async (records: DataRecord[]): Promise<(DataRecord | MalformedRow)[]> => {
    await bench.write(connector, file, records, { mode: 'append' })
    return bench.rows(connector, file)
  }
  const typed = name === 'json' || name === 'ndjson'

  test('every value comes back, in a format without types as its text', async () => {
    const records = traps.map((value, i) => ({ id: String(i), value }))
    const rows = await roundTrip(records)
    const counted = Object.keys(bench.ledger.take()['value'] ?? {})
    for (const [i, row] of rows.entries()) {
      const written = traps[i] ?? null
      const read = row instanceof MalformedRow ? row.rejection.message : (row['value'] ?? null)
      expect(same(read, written, typed)).toEqual([true, written])
    }
    expect(counted).toEqual(name === 'xlsx' ? ['NUMBER_TO_TEXT'] : [])
  })

  test('a field that only a later record has is kept; one that a record lacks is absent, or counted', async () => {
    const rows = await roundTrip([{ id: '1' }, { id: '2', late: 'x' }])
    const absent = name === 'csv' || name === 'xlsx'
    expect(rows).toEqual([absent ? { id: '1', late: null } : { id: '1' }, { id: '2', late: 'x' }])
    expect(bench.ledger.take()).toEqual(absent ? { late: { ABSENT_TO_NULL: 1 } } : {})
  })

  test('any record comes back, or the ledger says what changed', async () => {
    const scalar = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constant(null),
      fc.boolean(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.bigInt().map((big) => exactNumber(String(big)) ?? null),
    )
    const value = typed
      ? fc.oneof(scalar, fc.array(scalar), fc.dictionary(fc.constantFrom('a', 'b'), scalar))
      : scalar
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ a: value, b: value }), { minLength: 1, maxLength: 5 }),
        async (input) => {
          await bench.ports.files.remove(file)
          bench.ledger.take()
          const records = input.map((record, i) => ({ id: String(i), ...record }))
          const rows = await roundTrip(records)
          const counts = bench.ledger.take()
          expect(rows).toHaveLength(records.length)
          for (const [i, row] of rows.entries()) {
            for (const field of ['a', 'b'] as const) {
              const written = records[i]?.[field] ?? null
              const read = row instanceof MalformedRow ? undefined : row[field]
              if (counts[field] === undefined)
                expect(same(read ?? null, written, typed)).toEqual([true, written])
            }
          }
        },
      ),
      { numRuns: 15 },
    )
  })
})

/** Whether a value came back: as it was or, in a format without types, as its text. */
function same(read: Value, written: Value, typed: boolean): [boolean, Value] {
  if (typed || read === null || written === null)
    return [canonicalText(read) === canonicalText(written), written]
  const text = (value: Value) => (value instanceof Decimal ? value.canonical() : textOf(value))
  const number = typeof written === 'number' ? canonicalText(exactNumber(text(read)) ?? null) : text(read)
  return [number === (typeof written === 'number' ? canonicalText(written) : text(written)), written]
}
