import fc from 'fast-check'
import { printArray, readArray } from '../../../connectors/postgres/array'
import { Decimal } from '../../../shared/core/record/decimal'
import type { DataRecord, Value } from '../../../shared/core/record/value'
import { batchOf, never, rowsOf } from '../../support/batches'
import { describePostgres } from '../../support/postgres'
import { Bench } from './support'

const key = ['id']

test('any list of texts and nulls survives the text form of arrays', () => {
  const lists = fc.array(fc.option(fc.string({ unit: 'binary' })))
  fc.assert(
    fc.property(lists, (list) => {
      expect(readArray(printArray(list, String), (text) => text)).toEqual(list)
    }),
  )
})

describePostgres('postgres values', () => {
  let bench: Bench

  beforeAll(async () => {
    bench = await Bench.start()
  })
  afterAll(async () => {
    await bench.stop()
  })

  /** Writes a value into a column of the type and reads it again. */
  async function roundTrip(type: string, values: Value[]): Promise<Value[]> {
    await bench.sql(`CREATE TABLE t (id int PRIMARY KEY, v ${type})`)
    const target = await bench.target('t', key)
    const records = values.map((v, id): DataRecord => ({ id, v }))
    await target.write(batchOf('upsert', key, records), never)
    const repeated = await target.write(batchOf('upsert', key, records), never)
    expect(repeated.map(({ outcome }) => outcome)).toEqual(values.map(() => 'unchanged'))

    const rows = await rowsOf(await bench.source('t', key))
    return rows.map((row) => row['v'] ?? null)
  }

  const cases: [type: string, given: Value[], read: Value[]][] = [
    ['int', [1, -5, null], [1, -5, null]],
    ['smallint', [7], [7]],
    ['bigint', [Decimal.ofDigits('9007199254740993'), 12, '9223372036854775807'], [Decimal.ofDigits('9007199254740993'), 12, Decimal.ofDigits('9223372036854775807')]],
    ['numeric', [Decimal.ofDigits('1.50'), Decimal.ofDigits('123456789012345678901234567890.5'), 'NaN'], [Decimal.ofDigits('1.50'), Decimal.ofDigits('123456789012345678901234567890.5'), 'NaN']],
    ['numeric(10,2)', [1.5, Decimal.ofDigits('0.10')], [Decimal.ofDigits('1.50'), Decimal.ofDigits('0.10')]],
    ['double precision', [0.1, 1e21, 1.7976931348623157e308, 'Infinity'], [0.1, 1e21, 1.7976931348623157e308, 'Infinity']],
    ['boolean', [true, false, null], [true, false, null]],
    ['text', ['', null, 'tab\t line\nfeed\r back\\slash \\N', 'emoji 👩‍🔧 ñ', 'x'.repeat(300), '\\.'], ['', null, 'tab\t line\nfeed\r back\\slash \\N', 'emoji 👩‍🔧 ñ', 'x'.repeat(300), '\\.']],
    ['varchar(256)', ['i'.repeat(256)], ['i'.repeat(256)]],
    ['uuid', ['0b3f6a52-7a4b-4b6e-9d0e-3a3a3b3c3d3e'], ['0b3f6a52-7a4b-4b6e-9d0e-3a3a3b3c3d3e']],
    ['timestamptz', ['2026-03-29T02:30:00+01:00', '2026-10-25T01:30:00.123456Z', '2026-10-25T02:30:00+02:00'], ['2026-03-29T01:30:00Z', '2026-10-25T01:30:00.123456Z', '2026-10-25T00:30:00Z']],
    ['timestamp', ['2026-03-29T02:30:00', '2026-03-29T02:30:00.5+05:30', '2026-03-29T02:30:00Z'], ['2026-03-29T02:30:00', '2026-03-28T21:00:00.5', '2026-03-29T02:30:00']],
    ['date', ['2026-02-28'], ['2026-02-28']],
    ['time', ['23:59:59.5'], ['23:59:59.5']],
    ['interval', ['P1DT2H'], ['P1DT2H']],
    ['bytea', ['AAEC/w==', ''], ['AAEC/w==', '']],
    ['jsonb', [{ n: Decimal.ofDigits('12345678901234567890.10'), list: [1, null, 'a"\\b'] }, 'text', [1]], [{ list: [1, null, 'a"\\b'], n: Decimal.ofDigits('12345678901234567890.10') }, 'text', [1]]],
    ['json', [{ b: 1, a: '\n' }], [{ b: 1, a: '\n' }]],
    ['text[]', [['a', null, 'NULL', '', 'q"uo\\te,{}'], []], [['a', null, 'NULL', '', 'q"uo\\te,{}'], []]],
    ['int[]', [[[1, 2], [3, null]]], [[[1, 2], [3, null]]]],
    ['jsonb[]', [[{ a: 1 }, 'x']], [[{ a: 1 }, 'x']]],
    ['point', ['(1,2)'], ['(1,2)']],
  ] // prettier-ignore

  test.each(cases)('%s', async (type, given, read) => {
    await bench.fresh()
    expect(await roundTrip(type, given)).toEqual(read)
  })

  test('enums and domains are read as what they are made of', async () => {
    await bench.fresh(`CREATE TYPE mood AS ENUM ('ok', 'bad')`, 'CREATE DOMAIN amount AS numeric(8,2)')
    expect(await roundTrip('mood', ['ok', null])).toEqual(['ok', null])
    await bench.sql('DROP TABLE t')
    expect(await roundTrip('amount', [Decimal.ofDigits('2.50')])).toEqual([Decimal.ofDigits('2.50')])
    await bench.sql('DROP TABLE t')
    expect(await roundTrip('mood[]', [['ok', 'bad']])).toEqual([['ok', 'bad']])
  })

  test('what a column changes is counted', async () => {
    await bench.fresh(
      `CREATE TABLE t (id int PRIMARY KEY, price numeric(10,2), label text, at timestamptz, day date)`,
    )
    const target = await bench.target('t', key)
    await target.write(
      batchOf('upsert', key, [
        {
          id: 1,
          price: Decimal.ofDigits('1.005'),
          label: 5,
          at: '2026-01-01T00:00:00',
          day: '2026-01-01T10:00:00Z',
        },
        {
          id: 2,
          price: Decimal.ofDigits('1.500'),
          label: 'half \ud83d',
          at: '2026-01-01T00:00:00.123456789Z',
          day: '2026-01-01',
        },
      ]),
      never,
    )
    expect(bench.ledger.take()).toEqual({
      price: { ROUNDED: 1 },
      label: { NUMBER_TO_TEXT: 1, ENCODING_REPLACED: 1 },
      at: { ZONE_ASSUMED: 1, ROUNDED: 1 },
      day: { TRUNCATED: 1 },
    })
  })

  test.each([
    ['smallint', 70000, '22003'],
    ['int', 12.5, '22P02'],
    ['int', '', '22P02'],
    ['varchar(3)', 'four', '22001'],
    ['date', '2026-02-30', '22008'],
    ['date', '01.02.2026', undefined],
    ['timestamp', '1/2/2026 10:00', undefined],
    ['timestamptz[]', ['31-12-25 10:00+00'], undefined],
    ['uuid', 'x', '22P02'],
    ['text', 'nul \0', undefined],
    ['jsonb', { a: '\0' }, '22P05'],
    ['bytea', 'no base64!', undefined],
  ] as [string, Value, string | undefined][])(
    '%s refuses what it cannot hold and says which column (%#)',
    async (type, value, sqlstate) => {
      await bench.fresh(`CREATE TABLE t (id int PRIMARY KEY, v ${type} NOT NULL)`)
      const target = await bench.target('t', key)
      await expect(target.write(batchOf('upsert', key, [{ id: 1, v: value }]), never)).rejects.toMatchObject({
        code: 'DATABASE_VALUE_REFUSED',
        evidence: { column: 'v', ...(sqlstate === undefined ? {} : { sqlstate }) },
      })
    },
  )
})
