import { createServer } from 'node:net'
import { once } from 'node:events'
import { portOf } from '../../../bench/lib/port'
import type { CheckedStream, CheckStep } from '../../../shared/core/connector'
import { describePostgres } from '../../support/postgres'
import { Bench } from './support'

describePostgres('postgres connection', () => {
  let bench: Bench

  beforeAll(async () => {
    bench = await Bench.start()
  })
  afterAll(async () => {
    await bench.stop()
  })

  const url = (change: (url: URL) => void): { url: string } => {
    const changed = new URL(bench.database.url)
    change(changed)
    return { url: changed.href }
  }

  test('what goes wrong on the way to the server has a name each', async () => {
    await bench.fresh()
    const attempt = async (settings: { url: string; ssl?: { mode: string } }): Promise<unknown> => {
      const connection = await bench.open(settings)
      return connection.streams().catch((error: unknown) => error)
    }
    const silent = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const port = portOf(silent)

    expect(await attempt(url((to) => (to.port = '1')))).toMatchObject({
      code: 'DATABASE_UNREACHABLE',
      then: 'wait',
    })
    expect(await attempt(url((to) => (to.port = String(port))))).toMatchObject({
      code: 'DATABASE_UNREACHABLE',
    })
    expect(await attempt(url((to) => (to.hostname = 'no-such-host.invalid')))).toMatchObject({
      code: 'DATABASE_UNREACHABLE',
    })
    expect(await attempt(url((to) => (to.pathname = '/nowhere')))).toMatchObject({
      code: 'DATABASE_UNKNOWN',
      then: 'stop',
    })
    expect(await attempt(url((to) => (to.username = 'nobody_here')))).toMatchObject({
      code: 'DATABASE_LOGIN_REFUSED',
    })
    expect(await attempt({ ...url(() => undefined), ssl: { mode: 'verify-full' } })).toMatchObject({
      code: 'DATABASE_TLS_REFUSED',
      then: 'stop',
    })
    silent.close()
  })

  test.each([
    'postgres://me:hun#ter2@host/shop',
    'postgres://me:100%@host/shop',
    'mysql://me:hunter2@host/shop',
  ])('a URL that is none, %s, is told without its password', async (wrong) => {
    const fault: unknown = await bench.open({ url: wrong }).catch((error: unknown) => error)
    expect(fault).toMatchObject({
      code: 'DEFINITION_INVALID',
      detail: expect.stringMatching(
        /^connections\..*url is not of the form postgres:\/\/.* % as %25, # as %23/,
      ) as unknown,
    })
    expect(String(fault)).not.toMatch(/ter2|100%/)
  })

  test('a wrong table, column or key names the way out', async () => {
    await bench.fresh(
      'CREATE TABLE stock (sku text, quantity int)',
      'CREATE UNIQUE INDEX part ON stock (sku) WHERE quantity > 0',
    )
    await expect(bench.target('stok', ['sku'])).rejects.toThrow(
      /DATABASE_TABLE_UNKNOWN.*did you mean stock\?/,
    )
    await expect(bench.target('stock', ['skuu'])).rejects.toThrow(
      /DATABASE_COLUMN_UNKNOWN.*did you mean sku\?/,
    )
    await expect(bench.target('stock', ['sku'])).rejects.toMatchObject({
      code: 'DATABASE_KEY_NOT_UNIQUE',
      evidence: { statement: 'CREATE UNIQUE INDEX ON "stock" ("sku");' },
    })
    await bench.sql('CREATE UNIQUE INDEX ON "stock" ("sku")')
    await expect(bench.target('public.stock', ['sku'])).resolves.toBeDefined()
  })

  test('streams tell columns, key, cursors and how many records', async () => {
    await bench.fresh(
      `CREATE TYPE mood AS ENUM ('ok', 'bad')`,
      `CREATE TABLE stock (sku varchar(20), place int, mood mood, tags text[], created_at timestamptz, updated_at timestamptz NOT NULL,
        PRIMARY KEY (sku, place))`,
      'CREATE SCHEMA other',
      'CREATE TABLE other."Odd.Name" (id uuid PRIMARY KEY)',
      `INSERT INTO stock SELECT i, i, 'ok', NULL, NULL, now() FROM generate_series(1, 50) i`,
      'ANALYZE stock',
    )
    const connection = await bench.open()
    const streams = await connection.streams()
    const otherStream = { name: 'other.Odd.Name', key: ['id'], cursors: [] }
    expect(streams).toEqual([
      // nobody has counted this one yet
      { ...otherStream, schema: expect.anything() as unknown },
      {
        name: 'stock',
        key: ['sku', 'place'],
        cursors: ['updated_at', 'created_at'],
        records: 50,
        schema: {
          type: 'object',
          properties: {
            sku: { type: 'string', maxLength: 20 },
            place: { type: 'integer' },
            mood: { type: ['string', 'null'], enum: ['ok', 'bad', null] },
            tags: { type: ['array', 'null'], items: { type: ['string', 'null'] } },
            created_at: { type: ['string', 'null'], format: 'date-time' },
            updated_at: { type: 'string', format: 'date-time' },
          },
          required: ['sku', 'place', 'updated_at'],
        },
      },
    ])
    // a name that streams() gives can be opened
    for (const { name } of streams) await bench.source(name, [])
  })

  test('check explains each step and stops at the first that fails', async () => {
    await bench.fresh('CREATE TABLE stock (sku text PRIMARY KEY)')
    const steps = async (stream: CheckedStream, settings?: { url: string }): Promise<CheckStep[]> => {
      const connection = await bench.open(settings)
      const all: CheckStep[] = []
      for await (const step of connection.check(stream)) all.push(step)
      return all
    }
    const results = (all: CheckStep[]): string[] => all.map(({ name, result }) => `${name}: ${result}`)
    const way = ['name lookup: passed', 'connection: passed', 'log in: passed']

    expect(results(await steps({ name: 'stock', use: 'target' }))).toEqual([
      ...way,
      'find the table: passed',
      'privileges: passed',
      'write nothing: passed',
    ])
    expect(
      results(await steps({ name: 'some', use: 'source', settings: { query: 'SELECT 1 AS one' } })),
    ).toEqual([...way, 'read: passed'])
    expect((await steps({ name: 'stok', use: 'source' })).at(-1)).toMatchObject({
      result: 'failed',
      fault: { code: 'DATABASE_TABLE_UNKNOWN' },
    })
    const lost = await steps(
      { name: 'stock', use: 'source' },
      url((to) => (to.hostname = 'no-such-host.invalid')),
    )
    expect(results(lost)).toEqual(['name lookup: failed'])
  })
})
