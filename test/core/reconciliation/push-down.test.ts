import fc from 'fast-check'
import { clock } from '../../../shared/adapters/clock'
import { signer } from '../../../shared/adapters/signer'
import { NodeSpill } from '../../../shared/adapters/spill'
import { compileMapping } from '../../../shared/core/mapping/compile'
import type { MappingDefinition } from '../../../shared/core/mapping/definition'
import type { KeptBreak } from '../../../shared/core/reconciliation/break'
import { EXACT } from '../../../shared/core/reconciliation/comparison'
import { exactField, exactMatch, reconcileDefaults } from '../../../shared/core/reconciliation/defaults'
import { MemoryBreakLog } from '../../../shared/core/reconciliation/memory-log'
import { reconcile } from '../../../shared/core/reconciliation/reconcile'
import type { Reconciliation } from '../../../shared/core/reconciliation/reconciliation'
import { openPushDown } from '../../../shared/core/reconciliation/push-down'
import { RecordPass } from '../../../shared/core/reconciliation/record-pass'
import type { ReconcileRequest } from '../../../shared/core/reconciliation/request'
import type { ReconcileSettings } from '../../../shared/core/reconciliation/settings'
import type { Workflow } from '../../../shared/core/workflow'
import { Bench as Database } from '../../connectors/postgres/support'
import { describePostgres } from '../../support/postgres'
import { Bench } from '../../support/run-sync'

interface Case {
  key?: string[]
  settings?: Partial<ReconcileSettings>
  map?: MappingDefinition
  schema?: Workflow['schema']
  query?: string
}

const NOW = Date.UTC(2026, 10, 23)

interface Outcome {
  result: Reconciliation
  breaks: KeptBreak[]
  /** Records of both sides, as people are shown. */
  read: number
}

describePostgres('reconciliation that is pushed down to PostgreSQL', () => {
  let database: Database
  beforeAll(async () => {
    database = await Database.start()
  })
  afterAll(() => database.stop())

  /** Tables l and r. */
  async function run(one: Case, firstPass?: ReconcileRequest['firstPass']): Promise<Outcome> {
    const key = one.key ?? ['id']
    const workflow: Workflow = {
      ...new Bench([], {}, key).workflow,
      ...(one.map ? { map: one.map } : {}),
      ...(one.schema === undefined ? {} : { schema: one.schema }),
      reconcile: { ...reconcileDefaults(key), ...one.settings },
    }
    const side = async (table: string): Promise<ReconcileRequest['source']> => {
      const settings = one.query !== undefined && table === 'r' ? { query: one.query } : {}
      return {
        // no key: the order of the records must not matter
        source: await database.source(table, [], settings),
        mapper: compileMapping(table === 'l' ? one.map : undefined, { schema: one.schema, typed: true }),
        connection: 'db',
        stream: table,
        settings: {},
      }
    }
    const breaks = new MemoryBreakLog()
    let read = 0
    const result = await reconcile({
      id: 'r1',
      workflow,
      source: await side('l'),
      target: await side('r'),
      ports: { clock: { ...clock, now: () => NOW }, spill: new NodeSpill(), signer },
      breaks,
      signal: new AbortController().signal,
      onProgress: (progress) => {
        read = progress.read
      },
      ...(firstPass ? { firstPass } : {}),
    })
    const found: KeptBreak[] = []
    for await (const page of breaks.read()) found.push(...page)
    return { result, breaks: found, read }
  }

  /** What does not depend on the way it was found. */
  function content({ result, breaks, read }: Outcome): unknown {
    const { totals, ...rest } = { ...result, method: '', contentHash: '' }
    const sorted = [...totals].sort((a, b) => (a.dimensions.join() < b.dimensions.join() ? -1 : 1))
    const plain = JSON.stringify({ rest, sorted, read, breaks: breaks.map((found) => ({ ...found, id: 0 })) })
    return JSON.parse(plain) as unknown
  }

  /** Both ways. @returns the one that was pushed down */
  async function both(one: Case): Promise<Outcome> {
    const byRecord = await run(one, (request) => Promise.resolve(new RecordPass(request)))
    const pushed = await run(one)
    expect(byRecord.result.method).toBe('records')
    expect(pushed.result.method).toBe('push-down')
    expect(content(pushed)).toEqual(content(byRecord))
    return pushed
  }

  /** Enough equal rows that it pays. */
  const FILL = 'FROM generate_series(1001, 1400) n'

  test('gives the breaks and totals of reading every record, to the last digit', async () => {
    const columns = `id int PRIMARY KEY, place text, booked timestamptz, day date, said text, quantity bigint, price numeric,
      weight float8, note text, tags text[], extra jsonb, raw json, active bool, grade char(3)`
    const fill = `SELECT n, 'Hall ' || n % 7, timestamptz '2026-01-31T22:00:00-05' + n * interval '7 hours', date '2026-01-01' + n % 90,
      to_char(date '2025-12-01' + n % 60, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), n * 9007199254741, n / 8.0, n / 7.0, 'note ' || n,
      ARRAY['a', 'b' || n], jsonb_build_object('n', n), json_build_object('n', n), n % 2 = 0, 'x' ${FILL}`
    await database.fresh(
      `CREATE TABLE l (${columns}); CREATE TABLE r (${columns})`,
      `INSERT INTO l ${fill}; INSERT INTO r ${fill}`,
      `INSERT INTO l (id, place, price, quantity, booked, said, weight, note, extra, tags) VALUES
        (1, '', 1.5, 9007199254740993, '2026-03-01T00:00:00Z', 'soon', '-0', NULL, '{"a":1,"b":2.0}', '{}'),
        (2, 'Zürich', 10.00, -1, '2026-03-31T23:59:59.999999Z', '2026-01', 0.1, '', '[1,[2]]', '{1,2}'),
        (3, '🏭🏭🏭', 'NaN', 4294967296, 'infinity', '2026-01-05 or so', 'Infinity', 'a', 'null', '{NULL}'),
        (4, NULL, 7, 5, '-infinity', NULL, 'NaN', 'only here', NULL, NULL),
        (5, '🏭🏭🏬', 'Infinity', 1, '12026-03-01T00:00:00Z', '2026-01-05T00:30:00+02:00', 1e300, ' ', NULL, NULL),
        (7, 'Hall 1', 3, 3, '2026-03-01T00:00:00Z', 'x', 1, 'x', NULL, NULL)`,
      `INSERT INTO r (id, place, price, quantity, booked, said, weight, note, extra, tags) VALUES
        (1, '', 1.50, 9007199254740992, '2026-03-01T01:00:00+01', 'soon', '0', '', '{"b":2,"a":1.0}', '{}'),
        (2, 'Zürich', -10, 1, '2026-04-01T00:00:00Z', '2026-01', 0.1, '', '[[1],2]', '{{1,2}}'),
        (3, '🏭🏭🏭', 'Infinity', 1, '-infinity', '2026-01-05 or else', '-Infinity', 'A', NULL, '{"NULL"}'),
        (5, '🏭🏭🏬', 'Infinity', 1, '12026-03-01T00:00:00Z', '2026-01-04T22:30:00Z', 1e300, ' ', NULL, NULL),
        (6, NULL, 7, 5, '2026-02-01T00:00:00Z', NULL, 2, 'only there', NULL, NULL),
        (7, 'Hall 2', 3, 3, '2026-03-01T00:00:00Z', 'x', 1, 'x', NULL, NULL)`,
    )
    const { result, breaks } = await both({
      settings: {
        cutOff: { field: 'booked', windowMs: 60_000 },
        dimensions: [
          { name: 'Place', field: 'place', by: { first: 5 } },
          { name: 'Month', field: 'booked', by: 'month' },
          { name: 'Said', field: 'said', by: 'month' },
          { name: 'Day', field: 'day', by: 'year' },
        ],
        measures: [
          { name: 'Records', fields: [] },
          { name: 'Quantity', fields: ['quantity'] },
          { name: 'Value', fields: ['quantity', 'price'] },
          { name: 'Weight', fields: ['weight'] },
        ],
      },
    })
    expect(breaks.map(({ key, kind }) => `${key} ${kind}`)).toEqual([
      '[1] differs',
      '[2] differs',
      '[3] differs',
      '[4] missing-in-target',
      '[6] missing-in-source',
      '[7] differs',
    ])
    const fields = breaks.map((one) =>
      one.fields
        .map(({ field }) => field)
        .sort()
        .join(),
    )
    expect(fields.slice(0, 2)).toEqual(['note,quantity', 'booked,extra,price,quantity,tags'])
    expect(result.compared).toEqual({ pairs: 405, agreed: 401, tolerated: 0 })
  })

  test('finds repeated keys where no index forbids them, and keys that are missing or written in two ways', async () => {
    const columns = 'a text, b int, v numeric'
    const fill = `SELECT 'k' || n, n, n ${FILL}`
    await database.fresh(
      `CREATE TABLE l (${columns}); CREATE TABLE r (${columns})`,
      `INSERT INTO l ${fill}; INSERT INTO r ${fill}`,
      // repeated alike on both sides, then not alike; without a part; one instant in two zones
      `INSERT INTO l VALUES ('same', 1, 1.0), ('same', 1, 1.0), ('twice', 1, 1), ('twice', 1, 2), ('', 1, 1), (NULL, 1, 1),
        ('a', NULL, 5), ('1', 11, 1), ('2026-01-01T00:00:00Z', 1, 1)`,
      `INSERT INTO r VALUES ('same', 1, 1), ('same', 1, 1), ('twice', 1, 2), ('twice', 1, 3), ('twice', 1, 1), ('', 1, 1),
        ('a', NULL, 5), ('11', 1, 1), ('2026-01-01T01:00:00+01:00', 1, 1)`,
    )
    const { result, breaks, read } = await both({
      key: ['a', 'b'],
      settings: { measures: [{ name: 'V', fields: ['v'] }] },
    })
    expect(read).toBe(818)
    expect(result.source).toMatchObject({ records: 409, repeated: 2, unreadable: 3 })
    expect(result.target).toMatchObject({ records: 409, repeated: 3, unreadable: 2 })
    expect(breaks.filter(({ key }) => key.includes('twice')).map(({ kind }) => kind)).toEqual(['duplicate'])
    expect(breaks.some(({ key }) => key.includes('same') || key.includes('2026'))).toBe(false)
    expect(result.measures[0]).toMatchObject({ difference: '-2', ofBreaks: '-2' })
  })

  test('goes through a mapping that only renames, and leaves tolerance, case and space to the comparison', async () => {
    await database.fresh(
      'CREATE TABLE l ("Nr" int, "Ort" text, "Preis" numeric, spare int); CREATE TABLE r (id int, place text, price float8)',
      `INSERT INTO l SELECT n, 'Hall ' || n % 3, n, n ${FILL}; INSERT INTO r SELECT n, 'Hall ' || n % 3, n ${FILL}`,
      `ALTER TABLE r ALTER price TYPE numeric`,
      `INSERT INTO l VALUES (1, 'HALL  1', 1.00, 0), (2, ' hall 2', 1.00, 0), (3, NULL, 1, 0)`,
      `INSERT INTO r VALUES (1, 'hall 1', 1.01), (2, 'Hall 2', 1.02), (3, '', 1)`,
    )
    const { result, breaks } = await both({
      map: { id: 'Nr', place: 'Ort', price: { from: 'Preis' }, '*': 'drop' },
      settings: {
        compare: {
          place: { ...EXACT, fold: true, space: true, alike: ['null', 'empty'] },
          price: { ...EXACT, tolerance: 0.01 },
        },
        dimensions: [{ name: 'Place', field: 'place', by: { first: 6 } }],
        measures: [{ name: 'Price', fields: ['price'] }],
      },
    })
    expect(result.compared).toEqual({ pairs: 403, agreed: 401, tolerated: 1 })
    expect(breaks).toHaveLength(1)
    expect(breaks[0]).toMatchObject({ key: '[2]', fields: [{ field: 'price', difference: '-0.02' }] })
    expect(result.totals).toHaveLength(4)
  })

  test('reads every record where that is needed for the same result', async () => {
    const fill = `SELECT n, n, n, 'x' ${FILL}`
    await database.fresh(
      'CREATE TABLE l (id int, v numeric, w int, t text); CREATE TABLE r (id int, v numeric, w bigint, t text)',
      `INSERT INTO l ${fill}; INSERT INTO r ${fill}`,
    )
    const fields = ['v', 't']
    const reads = async (one: Case): Promise<string> => {
      const { result } = await run({ ...one, settings: { fields, ...one.settings } })
      expect(result.status).not.toBe('failed')
      return result.method
    }
    expect(await reads({})).toBe('push-down')
    // equal values would not agree, or keys that differ would
    expect(await reads({ settings: { compare: { v: { ...EXACT, factor: 1 } } } })).toBe('records')
    const trimmed = { ...exactMatch(['id']), on: [{ ...exactField('id'), trim: true }] }
    expect(await reads({ settings: { match: [trimmed] } })).toBe('records')
    // other types, a query, a field that is computed or that one side lacks
    expect(await reads({ settings: { fields: ['w'] } })).toBe('records')
    expect(await reads({ query: 'SELECT * FROM r' })).toBe('records')
    expect(await reads({ map: { id: 'id', v: { from: 'v', decimals: 0 }, t: 't' } })).toBe('records')
    expect(await reads({ map: { id: 'id', v: 'v', '*': 'drop' } })).toBe('records')
    expect(await reads({ settings: { measures: [{ name: 'T', fields: ['t'] }] } })).toBe('records')
    // most of it would have to be read anyway
    await database.sql('UPDATE r SET v = v + 1 WHERE id % 10 < 8')
    expect(await reads({})).toBe('records')
  })

  test('leaves no transaction open, also when it is stopped in the middle', async () => {
    await database.fresh(
      'CREATE TABLE l (id int, v int); CREATE TABLE r (id int, v int)',
      `INSERT INTO l SELECT n, n ${FILL}; INSERT INTO r SELECT n, n + (n % 9 / 8) ${FILL}`,
    )
    const open = (): Promise<unknown> =>
      database.sql(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'`,
      )
    await run({})
    expect(await open()).toEqual([])
    const failed = await run({}, async (request) => {
      const controller = new AbortController()
      const pass = await openPushDown({ ...request, signal: controller.signal })
      if (!pass) throw new Error('not pushed down')
      controller.abort()
      return pass
    })
    expect(failed.result.status).toBe('failed')
    expect(await open()).toEqual([])
  })

  test('agrees with reading every record on any data', async () => {
    const key = fc.constantFrom(
      "''",
      'NULL',
      "'a'",
      "'A'",
      "'é'",
      "'2026-01-01T00:00:00Z'",
      "'2026-01-01T01:00:00+01:00'",
    )
    const number = fc.constantFrom(
      'NULL',
      '0',
      '-1.5',
      '1.5',
      '1.50',
      "'NaN'",
      "'Infinity'",
      '9007199254740993',
    )
    const text = fc.constantFrom('NULL', "''", "'x'", "'2026-02-03'", "'2026-02-03T23:30:00-02:00'")
    const rows = fc.array(fc.tuple(key, fc.integer({ min: 0, max: 3 }), number, text), { maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(rows, rows, async (left, right) => {
        const table = (name: string, all: typeof left): string =>
          [
            `CREATE TABLE ${name} (a text, b int, v numeric, t text)`,
            `INSERT INTO ${name} SELECT 'fill ' || n, n, n / 4.0, 'f' ${FILL}`,
            ...all.map((row) => `INSERT INTO ${name} VALUES (${row.join()})`),
          ].join(';')
        await database.fresh(table('l', left), table('r', right))
        await both({
          key: ['a', 'b'],
          settings: {
            dimensions: [{ name: 'T', field: 't', by: 'month' }],
            measures: [{ name: 'V', fields: ['v'] }],
          },
        })
      }),
      { numRuns: 20 },
    )
  })
})
