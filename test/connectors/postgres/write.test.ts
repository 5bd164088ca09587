import { Fault } from '../../../shared/core/fault'
import { batchOf, never } from '../../support/batches'
import { describePostgres } from '../../support/postgres'
import { Bench } from './support'

const key = ['sku']

describePostgres('postgres target', () => {
  let bench: Bench

  beforeAll(async () => {
    bench = await Bench.start()
  })
  beforeEach(async () => {
    await bench.fresh(
      `CREATE TABLE stock (sku text PRIMARY KEY, quantity int CHECK (quantity >= 0), note text DEFAULT 'new')`,
    )
  })
  afterAll(async () => {
    await bench.stop()
  })

  const stock = (): Promise<unknown[]> => bench.sql('SELECT * FROM stock ORDER BY sku')

  test('upsert writes what is new or differs, and tells what each record was before', async () => {
    const target = await bench.target('stock', key)
    await target.write(
      batchOf('upsert', key, [
        { sku: 'a', quantity: 1 },
        { sku: 'b', quantity: 2 },
      ]),
      never,
    )

    const answers = await target.write(
      batchOf('upsert', key, [
        { sku: 'a', quantity: 1 },
        { sku: 'c', quantity: 3 },
        { sku: 'b', quantity: 20 },
      ]),
      never,
    )

    expect(answers).toEqual([
      { outcome: 'unchanged' },
      { outcome: 'created' },
      { outcome: 'updated', before: { sku: 'b', quantity: 2 } },
    ])
    expect(await stock()).toEqual([
      { sku: 'a', quantity: 1, note: 'new' },
      { sku: 'b', quantity: 20, note: 'new' },
      { sku: 'c', quantity: 3, note: 'new' },
    ])
  })

  test('an identity column takes the values of records in a table that has rows, too', async () => {
    await bench.sql('CREATE TABLE numbered (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, note text)')
    const target = await bench.target('numbered', ['id'])
    for (const id of [7, 8]) {
      const batch = batchOf('upsert', ['id'], [{ id, note: 'x' }])
      expect(await target.plan?.(batch, never)).toEqual([{ outcome: 'created' }])
      expect(await target.write(batch, never)).toEqual([{ outcome: 'created' }])
    }
    expect(await bench.sql('SELECT id FROM numbered ORDER BY id')).toEqual([{ id: 7 }, { id: 8 }])
  })

  test('what is unchanged is not written: no new version of the row', async () => {
    await bench.sql(`INSERT INTO stock VALUES ('a', 1, 'x')`)
    const version = (): Promise<unknown[]> =>
      bench.sql('SELECT xmin::text, xmax::text, ctid::text FROM stock')
    const before = await version()

    const target = await bench.target('stock', key)
    await target.write(batchOf('upsert', key, [{ sku: 'a', quantity: 1, note: 'x' }]), never)

    expect(await version()).toEqual(before)
  })

  test('an empty table is filled straight, until a key is met a second time', async () => {
    const target = await bench.target('stock', key)
    const write = (...records: [string, number][]): ReturnType<typeof target.write> =>
      target.write(
        batchOf(
          'upsert',
          key,
          records.map(([sku, quantity]) => ({ sku, quantity })),
        ),
        never,
      )

    expect(await write(['a', 1], ['b', 2])).toEqual([{ outcome: 'created' }, { outcome: 'created' }])
    expect(await write(['b', 2], ['c', 3])).toEqual([{ outcome: 'unchanged' }, { outcome: 'created' }])
    expect(await write(['c', 4], ['d', 4])).toMatchObject([{ outcome: 'updated' }, { outcome: 'created' }])
    expect(await bench.sql('SELECT count(*)::int AS n FROM stock')).toEqual([{ n: 4 }])
  })

  test('insert-only leaves what is there alone', async () => {
    await bench.sql(`INSERT INTO stock VALUES ('a', 1)`)
    const target = await bench.target('stock', key, 'insert-only')

    const answers = await target.write(
      batchOf('insert', key, [
        { sku: 'b', quantity: 2 },
        { sku: 'a', quantity: 9 },
      ]),
      never,
    )

    expect(answers).toEqual([{ outcome: 'created' }, { outcome: 'skipped', reason: 'exists' }])
    expect(await bench.sql(`SELECT quantity FROM stock WHERE sku = 'a'`)).toEqual([{ quantity: 1 }])
  })

  test('update-only makes no new rows', async () => {
    await bench.sql(`INSERT INTO stock VALUES ('a', 1), ('b', 2)`)
    const target = await bench.target('stock', key, 'update-only')

    const answers = await target.write(
      batchOf('update', key, [
        { sku: 'z', quantity: 1 },
        { sku: 'a', quantity: 9 },
        { sku: 'b', quantity: 2 },
      ]),
      never,
    )

    expect(answers).toEqual([
      { outcome: 'skipped', reason: 'absent' },
      { outcome: 'updated', before: { sku: 'a', quantity: 1 } },
      { outcome: 'unchanged' },
    ])
    expect(await bench.sql('SELECT count(*)::int AS n FROM stock')).toEqual([{ n: 2 }])
  })

  test('delete gives back the whole row; what is not there needs no delete', async () => {
    await bench.sql(`INSERT INTO stock VALUES ('a', 1, 'x'), ('b', 2, NULL)`)
    const target = await bench.target('stock', key, 'mirror')

    const answers = await target.write(batchOf('delete', key, [{ sku: 'b' }, { sku: 'z' }]), never)

    expect(answers).toEqual([
      { outcome: 'deleted', before: { sku: 'b', quantity: 2, note: null } },
      { outcome: 'unchanged' },
    ])
    expect(await bench.sql('SELECT sku FROM stock')).toEqual([{ sku: 'a' }])
  })

  test('append needs no unique index and writes every record', async () => {
    await bench.sql('CREATE TABLE log (line text)')
    const target = await bench.target('log', ['line'], 'append')

    const batch = batchOf('insert', ['line'], [{ line: 'x' }, { line: 'y' }])
    expect(await target.write(batch, never)).toEqual([{ outcome: 'created' }, { outcome: 'created' }])
    await target.write(batchOf('insert', ['line'], [{ line: 'x' }]), never)

    expect(await bench.sql('SELECT line FROM log ORDER BY line')).toEqual([
      { line: 'x' },
      { line: 'x' },
      { line: 'y' },
    ])
  })

  test('absent leaves a column as it is, null empties it, and empty is a text', async () => {
    await bench.sql(
      `INSERT INTO stock VALUES ('absent', 1, 'kept'), ('null', 1, 'gone'), ('empty', 1, 'old')`,
    )
    const target = await bench.target('stock', key)

    const answers = await target.write(
      batchOf('upsert', key, [
        { sku: 'absent', quantity: 2 },
        { sku: 'null', quantity: 2, note: null },
        { note: '', quantity: 2, sku: 'empty' },
        { sku: 'new and absent', quantity: 2 },
        { sku: 'new and null', quantity: 2, note: null },
      ]),
      never,
    )

    expect(answers.map(({ outcome }) => outcome)).toEqual([
      'updated',
      'updated',
      'updated',
      'created',
      'created',
    ])
    expect(await bench.sql('SELECT sku, note FROM stock ORDER BY sku')).toEqual([
      { sku: 'absent', note: 'kept' },
      { sku: 'empty', note: '' },
      { sku: 'new and absent', note: 'new' },
      { sku: 'new and null', note: null },
      { sku: 'null', note: null },
    ])
  })

  test('a batch is written whole or not at all, and the fault names column and rule but no value', async () => {
    const target = await bench.target('stock', key)
    const refused = async (quantity: string | number): Promise<Fault> => {
      const batch = batchOf('upsert', key, [
        { sku: 'a', quantity: 1 },
        { sku: 'secret-sku', quantity },
      ])
      const error: unknown = await target.write(batch, never).catch((reason: unknown) => reason)
      if (!(error instanceof Fault)) throw new Error('no fault')
      return error
    }

    const value = await refused('12,50')
    expect(value).toMatchObject({
      code: 'DATABASE_VALUE_REFUSED',
      then: 'bisect',
      evidence: { sqlstate: '22P02', column: 'quantity', type: 'integer' },
    })
    const rule = await refused(-1)
    expect(rule).toMatchObject({
      code: 'DATABASE_CONSTRAINT_BROKEN',
      then: 'bisect',
      evidence: { sqlstate: '23514', constraint: 'stock_quantity_check' },
    })
    for (const fault of [value, rule]) {
      expect(fault.detail + JSON.stringify(fault.evidence)).not.toMatch(/12,50|secret/)
    }
    expect(await stock()).toEqual([])
  })

  test('what is altered is counted once it is written, not with each attempt', async () => {
    await bench.sql('CREATE TABLE price (sku text PRIMARY KEY, amount numeric(6,2) CHECK (amount > 0))')
    const target = await bench.target('price', key)
    const rows = [
      { sku: 'a', amount: 1.005 },
      { sku: 'b', amount: -1.005 },
    ]
    await expect(target.write(batchOf('upsert', key, rows), never)).rejects.toThrow()
    await target.write(batchOf('upsert', key, rows.slice(0, 1)), never)
    await target.lookup?.([{ sku: 'a' }], never)
    expect(bench.ledger.take()).toEqual({ amount: { ROUNDED: 1 } })
  })

  test('a trigger that swallows rows is no success', async () => {
    await bench.sql(`CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'`)
    await bench.sql('CREATE TRIGGER t BEFORE INSERT ON stock FOR EACH ROW EXECUTE FUNCTION swallow()')
    const target = await bench.target('stock', key)

    await expect(target.write(batchOf('upsert', key, [{ sku: 'a' }]), never)).rejects.toMatchObject({
      code: 'DATABASE_WRITE_SUPPRESSED',
    })
  })

  test('a conflict that lasts is an outage of the database, no fault of the record', async () => {
    await bench.sql(
      `CREATE FUNCTION clash() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE SQLSTATE '40001'; END $$`,
    )
    await bench.sql('CREATE TRIGGER t BEFORE INSERT ON stock FOR EACH ROW EXECUTE FUNCTION clash()')
    const target = await bench.target('stock', key)

    await expect(target.write(batchOf('upsert', key, [{ sku: 'a' }]), never)).rejects.toMatchObject({
      code: 'DATABASE_CONFLICT',
      then: 'wait',
      evidence: { sqlstate: '40001' },
    })
  })

  test('a statement that somebody cancels while it waits for a lock is a timeout', async () => {
    const target = await bench.target('stock', key)
    await bench.sql('BEGIN')
    await bench.sql('LOCK TABLE stock')
    const writing = target.write(batchOf('upsert', key, [{ sku: 'a' }]), never)
    const refused = expect(writing).rejects.toMatchObject({
      code: 'DATABASE_TIMEOUT',
      then: 'wait',
      evidence: { sqlstate: '57014' },
    })
    await bench.waitForLock()
    await bench.sql(
      `SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    )
    await refused
    await bench.sql('ROLLBACK')
    expect(await stock()).toEqual([])
  })

  test('a plan tells what would happen and changes nothing, not even a ledger', async () => {
    await bench.sql(`INSERT INTO stock VALUES ('a', 1)`)
    const target = await bench.target('stock', key)

    const answers = await target.plan?.(
      batchOf('upsert', key, [
        { sku: 'a', quantity: 2 },
        { sku: 'b', quantity: 1 },
      ]),
      never,
    )

    expect(answers?.map(({ outcome }) => outcome)).toEqual(['updated', 'created'])
    expect(await stock()).toEqual([{ sku: 'a', quantity: 1, note: 'new' }])
    expect(await bench.sql(`SELECT to_regclass('tieout_ledger') AS ledger`)).toEqual([{ ledger: null }])
  })

  test('keys lists all that the table holds; lookup answers in the order asked', async () => {
    await bench.sql(`INSERT INTO stock VALUES ('a', 1), ('b', 2), ('c', 3)`)
    const target = await bench.target('stock', key)

    const keys: unknown[] = []
    for await (const page of target.keys?.(never) ?? []) keys.push(...page)
    expect(keys).toEqual([{ sku: 'a' }, { sku: 'b' }, { sku: 'c' }])

    expect(await target.lookup?.([{ sku: 'c' }, { sku: 'z' }, { sku: 'a' }], never)).toEqual([
      { sku: 'c', quantity: 3, note: 'new' },
      undefined,
      { sku: 'a', quantity: 1, note: 'new' },
    ])
  })

  test('batches written at the same time share nothing and lose nothing', async () => {
    const target = await bench.target('stock', key)
    const write = (n: number): Promise<unknown> =>
      target.write(
        batchOf(
          'upsert',
          key,
          Array.from({ length: 500 }, (_, i) => ({ sku: `${String(n)}-${String(i)}`, quantity: i })),
        ),
        never,
      )
    await Promise.all([1, 2, 3, 4, 5, 6].map(write))
    await Promise.all([6, 7, 1, 2].map(write))

    expect(await bench.sql('SELECT count(*)::int AS n FROM stock')).toEqual([{ n: 3500 }])
  })

  test('a row that another session creates meanwhile is compared, not written twice', async () => {
    await bench.sql(`INSERT INTO stock VALUES ('there', 1)`)
    const target = await bench.target('stock', key)
    await bench.sql('BEGIN')
    await bench.sql(`INSERT INTO stock VALUES ('a', 1)`)
    // waits for the other session when it inserts the same key
    const writing = target.write(batchOf('upsert', key, [{ sku: 'a', quantity: 2 }]), never)
    await bench.waitForLock()
    await bench.sql('COMMIT')

    expect(await writing).toEqual([{ outcome: 'updated', before: { sku: 'a', quantity: 1 } }])
  })
})
