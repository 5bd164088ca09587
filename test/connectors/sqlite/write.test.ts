import { batchOf, never } from '../../support/batches'
import { Bench, series } from './support'

const key = ['sku']

describe('sqlite target', () => {
  let bench: Bench

  beforeEach(() => {
    bench = new Bench(
      `CREATE TABLE stock (sku TEXT PRIMARY KEY, quantity INTEGER CHECK (quantity >= 0), note TEXT DEFAULT 'new')`,
    )
  })
  afterEach(async () => {
    await bench.stop()
  })

  test('upsert writes what is new or differs, and tells what each record was before', async () => {
    bench.sql(`INSERT INTO stock (sku, quantity) VALUES ('a', 1), ('b', 2)`)
    const target = await bench.target('stock', key)

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
    expect(bench.sql('SELECT * FROM stock ORDER BY sku')).toEqual([
      { sku: 'a', quantity: 1, note: 'new' },
      { sku: 'b', quantity: 20, note: 'new' },
      { sku: 'c', quantity: 3, note: 'new' },
    ])
  })

  test('absent leaves a column as it is, null empties it, and empty is a text', async () => {
    bench.sql(`INSERT INTO stock VALUES ('absent', 1, 'kept'), ('null', 1, 'gone'), ('empty', 1, 'old')`)
    const target = await bench.target('stock', key)
    await target.write(
      batchOf('upsert', key, [
        { sku: 'absent', quantity: 2 },
        { sku: 'null', note: null },
        { note: '', sku: 'empty' },
        { sku: 'new', quantity: 2 },
      ]),
      never,
    )
    expect(bench.sql('SELECT sku, note FROM stock ORDER BY sku')).toEqual([
      { sku: 'absent', note: 'kept' },
      { sku: 'empty', note: '' },
      { sku: 'new', note: 'new' },
      { sku: 'null', note: null },
    ])
  })

  test('insert-only, update-only and delete', async () => {
    bench.sql(`INSERT INTO stock VALUES ('a', 1, 'x')`)
    const insert = await bench.target('stock', key, 'insert-only')
    expect(
      await insert.write(batchOf('insert', key, [{ sku: 'a', quantity: 9 }, { sku: 'b' }]), never),
    ).toEqual([{ outcome: 'skipped', reason: 'exists' }, { outcome: 'created' }])
    const update = await bench.target('stock', key, 'update-only')
    expect(
      await update.write(batchOf('update', key, [{ sku: 'a', quantity: 9 }, { sku: 'z' }]), never),
    ).toEqual([
      { outcome: 'updated', before: { sku: 'a', quantity: 1 } },
      { outcome: 'skipped', reason: 'absent' },
    ])
    const mirror = await bench.target('stock', key, 'mirror')
    expect(await mirror.write(batchOf('delete', key, [{ sku: 'a' }, { sku: 'z' }]), never)).toEqual([
      { outcome: 'deleted', before: { sku: 'a', quantity: 9, note: 'x' } },
      { outcome: 'unchanged' },
    ])
    expect(bench.sql('SELECT sku FROM stock')).toEqual([{ sku: 'b' }])
  })

  test('one record that is refused does not take the others with it', async () => {
    const target = await bench.target('stock', key)
    const batch = batchOf('upsert', key, [
      { sku: 'a', quantity: 1 },
      { sku: 'b', quantity: -1 },
      { sku: 'c', quantity: 3 },
    ])
    const answers = await target.write(batch, never)
    expect(answers).toMatchObject([
      { outcome: 'created' },
      { outcome: 'rejected', code: 'DATABASE_CONSTRAINT_BROKEN' },
      { outcome: 'created' },
    ])
    expect(await target.write(batch, never)).toEqual(answers)
  })

  test('what is altered is counted of records that were taken, and once', async () => {
    bench.sql('CREATE TABLE label (sku TEXT PRIMARY KEY, text TEXT CHECK (text <> 2))')
    const target = await bench.target('label', key)
    const batch = batchOf('upsert', key, [
      { sku: 'a', text: 1 },
      { sku: 'b', text: 2 },
    ])
    await target.write(batch, never)
    await target.write(batch, never)
    expect(bench.ledger.take()).toEqual({ text: { NUMBER_TO_TEXT: 1 } })
  })

  test('a batch that arrives again is answered as the first time, also by a new process', async () => {
    const batch = batchOf('insert', [], [{ sku: 'a', quantity: 1 }])
    bench.sql('CREATE TABLE log (sku TEXT, quantity INTEGER)')
    const target = await bench.target('log', [], 'append')
    expect(target.abilities.repeat).toBe('replayed')
    expect(await target.write(batch, never)).toEqual([{ outcome: 'created' }])

    const later = await bench.target('log', [], 'append')
    expect(await later.write(batch, never)).toEqual([{ outcome: 'created' }])
    expect(bench.sql('SELECT count(*) AS n FROM log')).toEqual([{ n: 1 }])

    expect((await bench.target('log', [], 'append', { ledger: 'off' })).abilities.repeat).toBe('doubles')
  })

  test('a plan tells what would happen and changes nothing', async () => {
    bench.sql(`INSERT INTO stock VALUES ('a', 1, 'x')`)
    const target = await bench.target('stock', key)
    const answers = await target.plan?.(
      batchOf('upsert', key, [{ sku: 'a', quantity: 2 }, { sku: 'b' }]),
      never,
    )
    expect(answers?.map(({ outcome }) => outcome)).toEqual(['updated', 'created'])
    expect(bench.sql('SELECT sku, quantity FROM stock')).toEqual([{ sku: 'a', quantity: 1 }])
    expect(bench.sql(`SELECT name FROM sqlite_schema WHERE name = 'tieout_ledger'`)).toEqual([])
  })

  test('keys lists all that the table holds; lookup answers in the order asked', async () => {
    bench.sql(`INSERT INTO stock SELECT 'sku' || value, value, NULL FROM ${series(1, 25000)}`)
    const target = await bench.target('stock', key)
    const keys = new Set<unknown>()
    for await (const page of target.keys?.(never) ?? []) for (const one of page) keys.add(one['sku'])
    expect(keys.size).toBe(25_000)
    expect(await target.lookup?.([{ sku: 'sku7' }, { sku: 'none' }], never)).toEqual([
      { sku: 'sku7', quantity: 7, note: null },
      undefined,
    ])
  })

  test('while another program writes the file, the batch waits and nothing is half done', async () => {
    const target = await bench.target('stock', key)
    bench.db.exec('BEGIN IMMEDIATE')
    const batch = batchOf('upsert', key, [{ sku: 'a' }])
    await expect(target.write(batch, never)).rejects.toMatchObject({ code: 'DATABASE_BUSY', then: 'wait' })
    bench.db.exec('COMMIT')
    expect(await target.write(batch, never)).toEqual([{ outcome: 'created' }])
  })

  test('a trigger that swallows rows is no success', async () => {
    bench.sql(`CREATE TRIGGER t BEFORE INSERT ON stock BEGIN SELECT RAISE(IGNORE); END`)
    const target = await bench.target('stock', key)
    expect(await target.write(batchOf('upsert', key, [{ sku: 'a' }]), never)).toMatchObject([
      { outcome: 'rejected', code: 'DATABASE_WRITE_SUPPRESSED' },
    ])
  })

  test('a wrong file, table, column or key names the way out', async () => {
    const nothing = await bench.open('nothing.db')
    await expect(nothing.streams()).rejects.toMatchObject({ code: 'DATABASE_FILE_UNUSABLE' })
    await expect(bench.target('stok', key)).rejects.toThrow(/DATABASE_TABLE_UNKNOWN.*did you mean stock\?/)
    await expect(bench.target('stock', ['skuu'])).rejects.toThrow(
      /DATABASE_COLUMN_UNKNOWN.*did you mean sku\?/,
    )
    await expect(bench.target('stock', ['note'])).rejects.toMatchObject({
      code: 'DATABASE_KEY_NOT_UNIQUE',
      evidence: { statement: 'CREATE UNIQUE INDEX "stock_key" ON "stock" ("note");' },
    })
  })
})
