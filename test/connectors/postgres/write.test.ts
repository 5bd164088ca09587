import { describePostgres } from '../../support/postgres'
import { batchOf, Bench, never } from './support'

const key = ['sku']

describePostgres('postgres target', () => {
  let bench: Bench

  beforeEach(async () => {
    bench = await Bench.start('CREATE TABLE stock (sku text PRIMARY KEY, quantity int, note text DEFAULT \'new\')')
  })
  afterEach(async () => {
    await bench.stop()
  })

  const stock = (): Promise<unknown[]> => bench.sql('SELECT * FROM stock ORDER BY sku')

  test('upsert writes what is new or differs, and tells what each record was before', async () => {
    const target = await bench.target('stock', key)
    await target.write(batchOf('upsert', key, [{ sku: 'a', quantity: 1 }, { sku: 'b', quantity: 2 }]), never)

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
})
