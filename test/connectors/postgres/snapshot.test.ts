import { MalformedRow, type Source } from '../../../shared/core/connector'
import { sameValue } from '../../../shared/core/record/canonical'
import type { DataRecord } from '../../../shared/core/record/value'
import type { Snapshot, SnapshotRequest } from '../../../shared/core/snapshot'
import { describePostgres } from '../../support/postgres'
import { Bench } from './support'

const BUCKETS = 1 << 16
const { signal } = new AbortController()

describePostgres('a snapshot of PostgreSQL', () => {
  let bench: Bench
  beforeAll(async () => {
    bench = await Bench.start()
  })
  afterAll(() => bench.stop())

  const NOTHING = { dimensions: [], measures: [], fields: [] }

  async function snapshot(stream: string, request: Partial<SnapshotRequest> = {}): Promise<Snapshot> {
    const source = await bench.source(stream, ['id'])
    const opened = await source.snapshot?.({ key: ['id'], ...NOTHING, ...request })
    if (!opened) throw new Error(`${stream} is not offered`)
    return opened
  }

  async function offered(source: Source, request: Partial<SnapshotRequest>): Promise<boolean> {
    const opened = await source.snapshot?.({ key: ['id'], ...NOTHING, ...request })
    await opened?.close()
    return opened !== undefined
  }

  async function recordsOf(one: Snapshot, wanted: ReadonlySet<number>): Promise<DataRecord[]> {
    const records: DataRecord[] = []
    for await (const page of one.records({ buckets: BUCKETS, wanted, pageSize: 2, signal }))
      records.push(...page)
    return records
  }

  /** Ids of the rows of two tables whose checksums differ. */
  async function different(left: string, right: string): Promise<number[]> {
    const [one, two] = [await snapshot(left, { fields: ['v'] }), await snapshot(right, { fields: ['v'] })]
    try {
      expect(one.dialect).toBe(two.dialect)
      const sums = new Map((await one.checksums(BUCKETS)).map(({ bucket, sum }) => [bucket, sum]))
      const unequal = (await two.checksums(BUCKETS)).filter(({ bucket, sum }) => sums.get(bucket) !== sum)
      const records = await recordsOf(one, new Set(unequal.map(({ bucket }) => bucket)))
      return records.map(({ id }) => Number(id)).sort((a, b) => a - b)
    } finally {
      await one.close()
      await two.close()
    }
  }

  async function readAll(stream: string): Promise<DataRecord[]> {
    const source = await bench.source(stream, ['id'])
    const records: DataRecord[] = []
    for await (const page of source.read({ pageSize: 100, signal }))
      for (const row of page.rows) if (!(row instanceof MalformedRow)) records.push(row)
    return records
  }

  // pairs of values that are equal as read, then pairs that are not
  const PAIRS: [type: string, equal: [string, string][], different: [string, string][]][] = [
    [
      'numeric',
      [
        ['1.5', '1.50'],
        ['0', '-0.00'],
        ["'NaN'", "'NaN'"],
        ["'Infinity'", "'Infinity'"],
        ['NULL', 'NULL'],
        ['9007199254740993', '9007199254740993.0'],
      ],
      [
        ['1.5', '1.51'],
        ['1.5', '-1.5'],
        ['1', '10000'],
        ["'NaN'", 'NULL'],
        ['NULL', '0'],
        ["'Infinity'", "'-Infinity'"],
        ['9007199254740993', '9007199254740992'],
        ['0.1', '0.10000000000000000000000000000001'],
      ],
    ],
    [
      'float8',
      [
        ["'-0'", "'0'"],
        ["'NaN'", "'NaN'"],
        ['0.1', '0.10'],
      ],
      [
        ['0.1', '0.1000000000000001'],
        ["'Infinity'", "'-Infinity'"],
        ['NULL', '0'],
      ],
    ],
    ['float4', [["'-0'", "'0'"]], [['0.1', '0.10000001']]],
    [
      'int8',
      [['9007199254740993', '9007199254740993']],
      [
        ['9007199254740993', '9007199254740992'],
        ['NULL', '0'],
        ['-1', '1'],
        // alike in the 32 bits that PostgreSQL hashes of them
        ['1', '4294967296'],
        ['-1', '-4294967296'],
      ],
    ],
    [
      'text',
      [["'Zürich 🏭'", "'Zürich 🏭'"]],
      [
        ['NULL', "''"],
        ["''", "' '"],
        ["'a'", "'A'"],
        ["'a'", "'a '"],
        // composed and decomposed
        ["U&'\\00e9'", "U&'e\\0301'"],
      ],
    ],
    ['char(4)', [["'ab'", "'ab  '"]], [["'ab'", "'abc'"]]],
    [
      'timestamptz',
      [
        ["'2026-03-29T01:30:00Z'", "'2026-03-29T03:30:00+02'"],
        ["'infinity'", "'infinity'"],
      ],
      [
        ["'2026-03-29T01:30:00Z'", "'2026-03-29T01:30:00+02'"],
        ["'2026-03-29T01:30:00Z'", "'2026-03-29T01:30:00.000001Z'"],
        ["'2000-01-01T00:00:00.000001Z'", "'2000-01-01T01:11:34.967296Z'"],
        ["'infinity'", "'-infinity'"],
      ],
    ],
    ['interval', [["'1 month'", "'1 month'"]], [["'1 month'", "'30 days'"]]],
    ['bool', [['true', 'true']], [['false', 'NULL']]],
    ['bytea', [["'\\x00ff'", "'\\x00ff'"]], [["''", 'NULL']]],
    [
      'jsonb',
      [
        [`'{"a":1,"b":[1]}'`, `'{"b": [1], "a":1}'`],
        [`'{"a":1,"a":2}'`, `'{"a":2}'`],
      ],
      [
        [`'{"a":null}'`, `'{}'`],
        [`'[[1],2]'`, `'[[1,2]]'`],
        [`'[1,2]'`, `'[2,1]'`],
        [`'9007199254740993'`, `'9007199254740992'`],
      ],
    ],
    ['json', [[`'{"a":1}'`, `'{"a":1}'`]], [[`'{"a":1}'`, `'{"a":2}'`]]],
    [
      'int[]',
      [["'{1,2,NULL}'", "'{1,2,NULL}'"]],
      [
        ["'{1,2,3,4}'", "'{{1,2},{3,4}}'"],
        ["'{1,2}'", "'{2,1}'"],
        ["'{NULL}'", 'NULL'],
        ["'{}'", "'{NULL}'"],
      ],
    ],
    [
      'text[]',
      [["'{a,b}'", '\'{"a",b}\'']],
      [
        [`'{"NULL"}'`, "'{NULL}'"],
        [`'{"a,b"}'`, "'{a,b}'"],
      ],
    ],
    ['mood', [["'glad'", "'glad'"]], [["'glad'", "'sad'"]]],
    ['citext', [["'a'", "'a'"]], [["'a'", "'A'"]]],
  ]

  test.each(PAIRS)(
    'of %s has different checksums just where the values differ',
    async (type, equal, unequal) => {
      const rows = [...equal, ...unequal]
      const insert = (table: string, side: 0 | 1): string =>
        `INSERT INTO ${table} VALUES ${rows.map((pair, id) => `(${id + 1}, (${pair[side]})::${type})`).join(', ')}`
      await bench.fresh(
        `CREATE TYPE mood AS ENUM ('sad', 'glad')`,
        'CREATE EXTENSION citext',
        `CREATE TABLE l (id int PRIMARY KEY, v ${type}); CREATE TABLE r (id int PRIMARY KEY, v ${type})`,
        insert('l', 0),
        insert('r', 1),
      )
      const found = await different('l', 'r')
      expect(found).toEqual(unequal.map((_, i) => equal.length + i + 1))

      // and so it is for whoever reads them
      const [left, right] = [await readAll('l'), await readAll('r')]
      const differs = left.filter((record, i) => !sameValue(record['v'], right[i]?.['v']))
      expect(differs.map(({ id }) => id)).toEqual(found)
    },
  )

  test('says of each side what the other must have too: types, major version, encoding', async () => {
    await bench.fresh(
      'CREATE TABLE a (id int, v numeric(9,2)); CREATE TABLE b (id int, v numeric); CREATE TABLE c (id bigint, v numeric)',
    )
    const snapshots = await Promise.all(['a', 'b', 'c'].map((table) => snapshot(table, { fields: ['v'] })))
    const [a, b, c] = snapshots.map(({ dialect }) => dialect)
    expect(a).toMatch(/^postgres:1 \d+ UTF8 int4,numeric$/)
    expect(b).toBe(a)
    expect(c).not.toBe(a)
    for (const one of snapshots) await one.close()
  })

  test('notices that rows of one bucket have exchanged their values', async () => {
    await bench.fresh(
      'CREATE TABLE l AS SELECT id, id % 10 AS v FROM generate_series(1, 100) id',
      'CREATE TABLE r AS SELECT id, (id + 1) % 10 AS v FROM generate_series(1, 100) id',
    )
    const sides = await Promise.all(['l', 'r'].map((table) => snapshot(table, { fields: ['v'] })))
    const [left = [], right = []] = await Promise.all(sides.map((side) => side.checksums(8)))
    const sums = new Set(left.map(({ sum }) => sum))
    expect(right.filter(({ sum }) => sums.has(sum))).toEqual([])
    for (const side of sides) await side.close()
  })

  test('spreads by the whole key, and apart those whose key is missing or could be written in another way', async () => {
    await bench.fresh(
      `CREATE TABLE t (a text, b text); INSERT INTO t VALUES ('1', '11'), ('11', '1'), ('1', '11'), ('', 'x'), (NULL, 'x'),
         ('2026-01-01T00:00:00Z', 'x')`,
    )
    const one = await snapshot('t', { key: ['a', 'b'] })
    expect(one.uniqueKey).toBe(false)
    const sums = await one.checksums(BUCKETS)
    expect(sums.map(({ records }) => records).sort()).toEqual([1, 2, 3])
    expect(sums.find(({ bucket }) => bucket === -1)?.records).toBe(3)
    const repeated = await one.repeated(BUCKETS)
    expect(await recordsOf(one, new Set(repeated.filter((bucket) => bucket >= 0)))).toEqual([
      { a: '1', b: '11' },
      { a: '1', b: '11' },
    ])
    expect((await recordsOf(one, new Set([-1]))).map(({ a }) => a)).toEqual([
      '',
      null,
      '2026-01-01T00:00:00Z',
    ])
    await one.close()
  })

  test('knows from a unique index that no key comes twice, unless the table has children', async () => {
    await bench.fresh(
      'CREATE TABLE own (id int, part int, PRIMARY KEY (id)); CREATE TABLE parent (id int PRIMARY KEY, part int)',
      'CREATE TABLE child () INHERITS (parent); CREATE VIEW seen AS SELECT * FROM own',
      'CREATE TABLE part (id int, v int) PARTITION BY RANGE (id); CREATE UNIQUE INDEX ON part (id)',
    )
    const unique = async (table: string, key: string[]): Promise<boolean> => {
      const one = await snapshot(table, { key })
      await one.close()
      return one.uniqueKey
    }
    expect(await unique('own', ['id'])).toBe(true)
    expect(await unique('own', ['id', 'part'])).toBe(true)
    expect(await unique('own', ['part'])).toBe(false)
    expect(await unique('parent', ['id'])).toBe(false)
    expect(await unique('seen', ['id'])).toBe(false)
    expect(await unique('part', ['id'])).toBe(true)
  })

  test('adds up numbers exactly, and those that are none not at all', async () => {
    await bench.fresh(
      `CREATE TABLE t (id int, n numeric, f float8, big bigint); INSERT INTO t VALUES
         (1, 0.1, 0.1, 9007199254740993), (2, 0.20, 0.2, 9007199254740993), (3, 'NaN', 'Infinity', NULL), (4, NULL, 1e-7, 1)`,
    )
    const fields = [['n'], ['f'], ['big'], ['n', 'big'], []]
    const one = await snapshot('t', { measures: fields.map((names) => ({ fields: names })) })
    const [group] = await one.totals()
    await one.close()
    expect(group?.records).toBe(4)
    expect(group?.measures).toMatchObject([
      { count: 2, min: '0.1' },
      { count: 3, sum: '0.3000001', min: '0.0000001', max: '0.2' },
      { count: 3, sum: '18014398509481987', max: '9007199254740993' },
      { count: 2, sum: '2702159776422297.90' },
      { count: 4, sum: '4', min: '1', max: '1' },
    ])
  })

  test('tells the latest time, where it is one of the calendar', async () => {
    await bench.fresh(
      `CREATE TABLE t (id int, at timestamptz, day date, said text);
       INSERT INTO t VALUES (1, '2026-03-01T01:30:00.5+01', '2026-03-01', 'x'), (2, 'infinity', 'infinity', 'y'), (3, NULL, NULL, NULL)`,
    )
    const newest = async (changed?: string): Promise<string | undefined> => {
      const one = await snapshot('t', changed === undefined ? {} : { changed })
      const text = await one.newest()
      await one.close()
      return text
    }
    expect(await newest('at')).toBe('2026-03-01T00:30:00.5Z')
    expect(await newest('day')).toBe('2026-03-01')
    expect(await newest()).toBeUndefined()
    expect(await offered(await bench.source('t', ['id']), { changed: 'said' })).toBe(false)
  })

  test('is as of the moment that it was opened', async () => {
    await bench.fresh('CREATE TABLE t (id int PRIMARY KEY, v int); INSERT INTO t VALUES (1, 1)')
    const one = await snapshot('t', { measures: [{ fields: ['v'] }], fields: ['v'] })
    await bench.sql('UPDATE t SET v = 2; INSERT INTO t VALUES (2, 2)')
    expect(await one.totals()).toMatchObject([{ records: 1, measures: [{ sum: '1' }] }])
    const sums = await one.checksums(BUCKETS)
    expect(await recordsOf(one, new Set(sums.map(({ bucket }) => bucket)))).toEqual([{ id: 1, v: 1 }])
    await one.close()
  })

  test('is not offered where the answer could be another than that of reading', async () => {
    await bench.fresh(
      'CREATE TABLE t (id int, t text, j jsonb, l int[], at timestamptz); CREATE VIEW v AS SELECT * FROM t',
    )
    const table = await bench.source('t', ['id'])
    expect(await offered(table, {})).toBe(true)
    expect(await offered(await bench.source('v', ['id']), {})).toBe(true)
    expect(await offered(await bench.source('t', ['id'], { query: 'SELECT * FROM t' }), {})).toBe(false)
    expect(await offered(table, { key: ['j'] })).toBe(false)
    expect(await offered(table, { key: ['l'] })).toBe(false)
    expect(await offered(table, { key: [] })).toBe(false)
    expect(await offered(table, { measures: [{ fields: ['t'] }] })).toBe(false)
    expect(await offered(table, { dimensions: [{ field: 'j', by: 'value' }] })).toBe(false)
    expect(await offered(table, { dimensions: [{ field: 'at', by: { first: 4 } }] })).toBe(false)
    expect(await offered(table, { dimensions: [{ field: 'at', by: 'month' }] })).toBe(true)
  })
})
