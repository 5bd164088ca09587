import type { DataRecord } from '../../../shared/core/record/value'
import { column, never, pagesOf, recordsOf, rowsOf } from '../../support/batches'
import { describePostgres } from '../../support/postgres'
import { Bench } from './support'

const ids = (rows: readonly DataRecord[]): unknown[] => column(rows, 'id')

describePostgres('postgres source', () => {
  let bench: Bench

  beforeAll(async () => {
    bench = await Bench.start()
  })
  afterAll(async () => {
    await bench.stop()
  })

  test('reads every row once, ordered by the key, and says that the listing is complete', async () => {
    await bench.fresh(
      'CREATE TABLE t (id int PRIMARY KEY, v text)',
      `INSERT INTO t SELECT 6 - i, 'v' FROM generate_series(1, 5) i`,
    )
    const pages = await pagesOf(await bench.source('t', ['id']))

    expect(ids(pages.flatMap(recordsOf))).toEqual([1, 2, 3, 4, 5])
    expect(pages.map((page) => page.firstRow)).toEqual([1, 3, 5])
    expect(pages.at(-1)?.end).toMatchObject({ complete: true, total: 5 })
    expect(pages.slice(0, -1).every((page) => page.end === undefined)).toBe(true)
  })

  test('a new process goes on after the position of any page', async () => {
    await bench.fresh(
      'CREATE TABLE t (a text, b int, PRIMARY KEY (a, b))',
      `INSERT INTO t SELECT chr(97 + i / 3), i FROM generate_series(0, 8) i`,
    )
    const pages = await pagesOf(await bench.source('t', ['a', 'b']))
    const all = pages.flatMap(recordsOf)

    for (const [i, page] of pages.entries()) {
      const rest = await pagesOf(await bench.source('t', ['a', 'b']), { after: page.position })
      expect(rest.flatMap(recordsOf)).toEqual(all.slice((i + 1) * 2))
      expect(rest[0]?.firstRow).toBe(Math.min((i + 1) * 2, 9) + 1)
      expect(rest.at(-1)?.end?.total).toBe(9)
    }
  })

  test('rows without a key value come last and are never skipped, also after an interruption', async () => {
    await bench.fresh(
      'CREATE TABLE t (id int, v text)',
      `INSERT INTO t VALUES (2, 'b'), (NULL, 'x'), (1, 'a'), (NULL, 'y'), (NULL, 'z'), (2, 'b again')`,
    )
    const pages = await pagesOf(await bench.source('t', ['id']))
    expect(ids(pages.flatMap(recordsOf))).toEqual([1, 2, 2, null, null, null])
    expect(bench.warnings.join()).toContain('no index on id')

    for (const [i, page] of pages.entries()) {
      const rest = await rowsOf(await bench.source('t', ['id']), { after: page.position })
      expect(ids(rest)).toEqual([1, 2, 2, null, null, null].slice((i + 1) * 2))
    }
  })

  test('since a cursor value: ties of the value and rows without one are read, in every page size', async () => {
    await bench.fresh(
      'CREATE TABLE t (id int PRIMARY KEY, at timestamptz)',
      `INSERT INTO t SELECT i, CASE WHEN i = 3 THEN NULL ELSE timestamptz '2026-01-01Z' + (i / 4) * interval '1 day' END
       FROM generate_series(1, 10) i`,
    )
    const since = { field: 'at', value: '2026-01-02T00:00:00Z' }
    for (const pageSize of [1, 2, 3, 100]) {
      const pages = await pagesOf(await bench.source('t', ['id']), { since, pageSize })
      expect(ids(pages.flatMap(recordsOf))).toEqual([4, 5, 6, 7, 8, 9, 10, 3])
      expect(pages.at(-1)?.end?.complete).toBe(false)
      for (const page of pages) {
        const rest = await rowsOf(await bench.source('t', ['id']), { since, pageSize, after: page.position })
        expect(rest).toHaveLength(8 - (page.firstRow - 1 + page.rows.length))
      }
    }
    expect(bench.warnings.join()).toContain('1 records have no at')
  })

  test('another session that writes meanwhile does not change what is read', async () => {
    await bench.fresh('CREATE TABLE t (id int PRIMARY KEY)', 'INSERT INTO t SELECT generate_series(1, 20, 2)')
    const source = await bench.source('t', ['id'])
    const read: unknown[] = []
    for await (const page of source.read({ pageSize: 3, signal: never })) {
      read.push(...ids(recordsOf(page)))
      await bench.sql('INSERT INTO t SELECT max(id) + 1 FROM t')
      await bench.sql('DELETE FROM t WHERE id = (SELECT id FROM t WHERE id > 10 LIMIT 1)')
      await bench.sql('UPDATE t SET id = id + 1000 WHERE id = 15')
    }
    expect(read).toEqual([1, 3, 5, 7, 9, 11, 13, 15, 17, 19])
  })

  test('text keys keep one order through pages and interruptions, whatever the collation', async () => {
    await bench.fresh(
      `CREATE COLLATION nocase (provider = icu, locale = 'und-u-ks-level2', deterministic = false)`,
      'CREATE TABLE t (id text COLLATE nocase)',
      `INSERT INTO t VALUES ('a'), ('A'), ('b'), ('B'), ('ä'), ('Z')`,
    )
    const pages = await pagesOf(await bench.source('t', ['id']), { pageSize: 1 })
    for (const [i, page] of pages.entries()) {
      const rest = await rowsOf(await bench.source('t', ['id']), { after: page.position, pageSize: 1 })
      const read = ids(pages.slice(0, i + 1).flatMap(recordsOf))
      expect(new Set([...read, ...ids(rest)])).toEqual(new Set(['a', 'A', 'b', 'B', 'ä', 'Z']))
    }
  })

  test('the result of a query can be read and continued like a table', async () => {
    await bench.fresh(
      'CREATE TABLE t (id int PRIMARY KEY, v int)',
      'INSERT INTO t SELECT i, i FROM generate_series(1, 6) i',
    )
    const query = 'SELECT v % 3 AS third, sum(v)::bigint AS total FROM t GROUP BY 1;'
    const source = await bench.source('thirds', ['third'], { query })
    const pages = await pagesOf(source)
    expect(pages.flatMap(recordsOf)).toEqual([
      { third: 0, total: 9 },
      { third: 1, total: 5 },
      { third: 2, total: 7 },
    ])
    expect(await rowsOf(source, { after: pages[0]?.position ?? '' })).toEqual([{ third: 2, total: 7 }])
    expect(await source.lookup?.([{ third: 2 }, { third: 7 }])).toEqual([{ third: 2, total: 7 }, undefined])
  })

  test.each([
    ['that is no SQL', 'SELEC 1', 'DATABASE_STATEMENT_REFUSED', '42601'],
    [
      'with more columns than the server takes',
      `SELECT ${Array.from({ length: 1665 }, (_, i) => `1 AS c${i}`).join()}`,
      'DATABASE_FAILED',
      '54011',
    ],
  ])('a query %s stops with what the server says', async (_, query, code, sqlstate) => {
    await bench.fresh()
    const reading = bench.source('x', [], { query }).then((source) => rowsOf(source))
    await expect(reading).rejects.toMatchObject({ code, then: 'stop', evidence: { sqlstate } })
  })

  test('a query cannot write', async () => {
    await bench.fresh('CREATE TABLE t (id int)')
    await expect(
      bench
        .source('x', [], { query: `SELECT nextval('s') FROM (SELECT 1) a` })
        .then((source) => rowsOf(source)),
    ).rejects.toMatchObject({ code: 'DATABASE_TABLE_UNKNOWN' })
    await bench.sql('CREATE SEQUENCE s')
    const source = await bench.source('x', [], { query: `SELECT nextval('s') AS n` })
    await expect(rowsOf(source)).rejects.toMatchObject({ code: 'DATABASE_READ_ONLY' })
  })

  test('a table without a key can be read and continued by counting', async () => {
    await bench.fresh('CREATE TABLE t (id int)', 'INSERT INTO t SELECT generate_series(1, 5)')
    const pages = await pagesOf(await bench.source('t', []))
    expect(ids(pages.flatMap(recordsOf))).toEqual([1, 2, 3, 4, 5])
    expect(bench.warnings.join()).toContain('t has no key')

    const rest = await rowsOf(await bench.source('t', []), { after: pages[0]?.position ?? '' })
    expect(ids(rest)).toEqual([3, 4, 5])
  })

  test('an empty table is a complete listing of nothing', async () => {
    await bench.fresh('CREATE TABLE t (id int PRIMARY KEY)')
    const pages = await pagesOf(await bench.source('t', ['id']))
    expect(pages).toMatchObject([{ rows: [], firstRow: 1, end: { complete: true, total: 0 } }])
  })

  test('a read that is left or aborted gives its connection back', async () => {
    await bench.fresh('CREATE TABLE t (id int PRIMARY KEY)', 'INSERT INTO t SELECT generate_series(1, 100)')
    const source = await bench.source('t', ['id'])
    for (let i = 0; i < 12; i++) {
      for await (const page of source.read({ pageSize: 10, signal: never })) if (page.firstRow > 1) break
    }
    const controller = new AbortController()
    const reading = (async () => {
      for await (const page of source.read({ pageSize: 10, signal: controller.signal }))
        if (page.firstRow > 1) controller.abort()
    })()
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' })
    expect(await rowsOf(source)).toHaveLength(100)
  })

  test('a json value that cannot be told apart is a malformed row, the others are read', async () => {
    await bench.fresh(
      'CREATE TABLE t (id int PRIMARY KEY, v json)',
      `INSERT INTO t VALUES (1, '{"a":1}'), (2, '{"a":1,"a":2}')`,
    )
    const [page] = await pagesOf(await bench.source('t', ['id']))
    expect(page?.rows).toMatchObject([
      { id: 1, v: { a: 1 } },
      { place: 't row 2', rejection: { code: 'JSON_DUPLICATE_FIELD' } },
    ])
  })
})
