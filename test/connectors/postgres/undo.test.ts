import { undoRun } from '../../../shared/core/bulk-sync/undo'
import { Decimal } from '../../../shared/core/record/decimal'
import { describePostgres } from '../../support/postgres'
import { Bench as Sync, counts } from '../../support/run-sync'
import { Bench } from './support'

describePostgres('undo', () => {
  let bench: Bench

  beforeAll(async () => {
    bench = await Bench.start()
  })
  afterAll(async () => {
    await bench.stop()
  })

  test('knows what columns rounded, cut and wrote in another way, and what somebody changed since', async () => {
    await bench.fresh(
      `CREATE TABLE stock (sku text PRIMARY KEY, amount numeric(8,2), tons numeric(8,-3), day date, at timestamptz)`,
      `INSERT INTO stock VALUES ('b', 7, 1000, '2025-01-01', '2025-01-01T00:00:00Z')`,
    )
    const at = '2026-01-02 03:04:05'
    const row = (sku: string) => ({ sku, amount: '1.005', tons: 1500, day: '2026-01-01T10:00:00Z', at })
    const sync = new Sync([row('a'), { ...row('b'), amount: Decimal.ofDigits('-2.675') }, row('c')], {}, [
      'sku',
    ])
    const target = await bench.target('stock', ['sku'])
    const { run } = await sync.sync({ target })
    expect(await bench.sql('SELECT amount, tons FROM stock ORDER BY sku')).toEqual([
      { amount: '1.01', tons: '2000' },
      { amount: '-2.68', tons: '2000' },
      { amount: '1.01', tons: '2000' },
    ])
    await bench.sql(`UPDATE stock SET amount = 1.00 WHERE sku = 'c'`)

    const receipt = await undoRun(sync.request({ target }), run)
    expect(counts(receipt)).toEqual({ deleted: 1, updated: 1, rejected: 1 })
    expect(await bench.sql('SELECT sku, amount FROM stock ORDER BY sku')).toEqual([
      { sku: 'b', amount: '7.00' },
      { sku: 'c', amount: '1.00' },
    ])
  })
})
