import type { CheckStep } from '../../../shared/core/connector'
import { Decimal } from '../../../shared/core/record/decimal'
import type { DataRecord, Value } from '../../../shared/core/record/value'
import { batchOf, column, never, pagesOf, recordsOf, rowsOf } from '../../support/batches'
import { Bench, series } from './support'

const ids = (rows: readonly DataRecord[]): unknown[] => column(rows, 'id')

describe('sqlite source', () => {
  let bench: Bench

  afterEach(async () => {
    await bench.stop()
  })

  const values: [type: string, given: Value[], read: Value[]][] = [
    ['INTEGER', [1, Decimal.ofDigits('9007199254740993'), null], [1, Decimal.ofDigits('9007199254740993'), null]],
    ['REAL', [1.5, 2], [1.5, 2]],
    ['TEXT', ['', null, 'emoji 👩‍🔧', 'x'.repeat(300), '007'], ['', null, 'emoji 👩‍🔧', 'x'.repeat(300), '007']],
    ['TEXT', [Decimal.ofDigits('12345678901234567890.10'), 5], ['12345678901234567890.10', '5']],
    ['BOOLEAN', [true, false, null], [true, false, null]],
    ['JSON', [{ n: Decimal.ofDigits('12345678901234567890') }, [1, null], 'text'], [{ n: Decimal.ofDigits('12345678901234567890') }, [1, null], 'text']],
    ['BLOB', ['AAEC/w=='], ['AAEC/w==']],
    ['DATETIME', ['2026-03-29T02:30:00+01:00'], ['2026-03-29T02:30:00+01:00']],
    ['DECIMAL(10,2)', [Decimal.ofDigits('1.50'), 3], [1.5, 3]],
  ] // prettier-ignore

  test.each(values)('%s keeps its values, and repeating changes nothing (%#)', async (type, given, read) => {
    bench = new Bench(`CREATE TABLE t (id INTEGER PRIMARY KEY, v ${type})`)
    const target = await bench.target('t', ['id'])
    const records = given.map((v, id): DataRecord => ({ id, v }))
    await target.write(batchOf('upsert', ['id'], records), never)
    const again = await target.write(batchOf('upsert', ['id'], records), never)
    expect(again.map(({ outcome }) => outcome)).toEqual(given.map(() => 'unchanged'))
    expect(column(await rowsOf(await bench.source('t', ['id'])), 'v')).toEqual(read)
  })

  test('what a column changes is counted, and bytes must be base64', async () => {
    bench = new Bench('CREATE TABLE t (id INTEGER PRIMARY KEY, n NUMERIC, label TEXT, b BLOB)')
    const target = await bench.target('t', ['id'])
    const answers = await target.write(
      batchOf(
        'upsert',
        ['id'],
        [
          { id: 1, n: Decimal.ofDigits('1234567890.12345678901'), label: 5 },
          { id: 2, b: 'no base64!' },
        ],
      ),
      never,
    )
    expect(bench.ledger.take()).toEqual({ n: { ROUNDED: 1 }, label: { NUMBER_TO_TEXT: 1 } })
    expect(answers[1]).toMatchObject({ outcome: 'rejected', code: 'DATABASE_VALUE_REFUSED' })
  })

  test('a new process goes on after the position of any page', async () => {
    bench = new Bench(
      'CREATE TABLE t (a TEXT, b INTEGER, PRIMARY KEY (a, b))',
      `INSERT INTO t SELECT char(97 + value / 3), value FROM ${series(0, 8)}`,
    )
    const pages = await pagesOf(await bench.source('t', ['a', 'b']))
    const all = pages.flatMap(recordsOf)
    expect(all).toHaveLength(9)
    expect(pages.at(-1)?.end).toMatchObject({ complete: true, total: 9 })

    for (const [i, page] of pages.entries()) {
      const rest = await rowsOf(await bench.source('t', ['a', 'b']), { after: page.position })
      expect(rest).toEqual(all.slice((i + 1) * 2))
    }
  })

  test('keys that repeat or are null are never skipped, in any page size', async () => {
    bench = new Bench(
      'CREATE TABLE t (id INTEGER, v TEXT)',
      `INSERT INTO t VALUES (2, 'b'), (NULL, 'x'), (1, 'a'), (NULL, 'y'), (NULL, 'z'), (2, 'c')`,
    )
    for (const pageSize of [1, 2, 3, 10]) {
      const pages = await pagesOf(await bench.source('t', ['id']), { pageSize })
      const all = pages.flatMap(recordsOf)
      expect(ids(all)).toEqual([1, 2, 2, null, null, null])
      expect(new Set(column(all, 'v')).size).toBe(6)
    }
    expect(bench.warnings.join()).toContain('no index on id')
  })

  test('since a cursor value: ties of the value and rows without one are read', async () => {
    bench = new Bench(
      'CREATE TABLE t (id INTEGER PRIMARY KEY, at TEXT)',
      `INSERT INTO t SELECT value, iif(value = 3, NULL, '2026-01-0' || (1 + value / 4)) FROM ${series(1, 10)}`,
    )
    const since = { field: 'at', value: '2026-01-02' }
    for (const pageSize of [1, 3, 100]) {
      const rows = await rowsOf(await bench.source('t', ['id']), { since, pageSize })
      expect(ids(rows)).toEqual([4, 5, 6, 7, 8, 9, 10, 3])
    }
    expect(bench.warnings.join()).toContain('1 records have no at')
  })

  test('another program can write the file while it is read; what was there all the time is read once', async () => {
    bench = new Bench(
      'CREATE TABLE t (id INTEGER PRIMARY KEY)',
      `INSERT INTO t SELECT value FROM ${series(1, 20, 2)}`,
    )
    const read: unknown[] = []
    for await (const page of (await bench.source('t', ['id'])).read({ pageSize: 3, signal: never })) {
      read.push(...ids(recordsOf(page)))
      bench.sql('INSERT INTO t SELECT min(0, min(id)) - 1 FROM t')
      bench.sql('DELETE FROM t WHERE id = 19')
    }
    expect(read).toEqual([1, 3, 5, 7, 9, 11, 13, 15, 17])
  })

  test('a query, and a table without a key', async () => {
    bench = new Bench('CREATE TABLE t (v INTEGER)', `INSERT INTO t SELECT value FROM ${series(1, 6)}`)
    const query = 'SELECT v % 3 AS third, sum(v) AS total FROM t GROUP BY 1;'
    expect(await rowsOf(await bench.source('thirds', ['third'], { query }))).toEqual([
      { third: 0, total: 9 },
      { third: 1, total: 5 },
      { third: 2, total: 7 },
    ])
    const pages = await pagesOf(await bench.source('t', []), { pageSize: 4 })
    expect(pages.map((page) => column(recordsOf(page), 'v'))).toEqual([
      [1, 2, 3, 4],
      [5, 6],
    ])
    expect(
      column(await rowsOf(await bench.source('t', []), { after: pages[0]?.position ?? '' }), 'v'),
    ).toEqual([5, 6])
  })

  test('streams tell columns, key, cursors and how many records; check explains each step', async () => {
    bench = new Bench(
      'CREATE TABLE stock (sku TEXT NOT NULL, place INT NOT NULL, qty REAL, created_at TEXT, updated_at DATETIME, PRIMARY KEY (sku, place))',
      `INSERT INTO stock (sku, place) VALUES ('a', 1)`,
    )
    const connection = await bench.open()
    expect(await connection.streams()).toEqual([
      {
        name: 'stock',
        key: ['sku', 'place'],
        cursors: ['updated_at', 'created_at'],
        records: 1,
        schema: {
          type: 'object',
          required: ['sku', 'place'],
          properties: {
            sku: { type: 'string' },
            place: { type: 'integer' },
            qty: { type: ['number', 'null'] },
            created_at: { type: ['string', 'null'] },
            updated_at: { type: ['string', 'null'] },
          },
        },
      },
    ])
    const steps: CheckStep[] = []
    for (const name of ['stock', 'stok']) {
      for await (const step of connection.check({ name, use: 'target' })) steps.push(step)
    }
    expect(steps.map(({ result }) => result)).toEqual(['passed', 'passed', 'passed', 'failed'])
  })
})
