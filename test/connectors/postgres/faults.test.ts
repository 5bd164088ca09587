import { batchOf, never } from '../../support/batches'
import { describePostgres } from '../../support/postgres'
import { Bench } from './support'

describePostgres('a record that PostgreSQL refuses', () => {
  let bench: Bench

  beforeAll(async () => {
    bench = await Bench.start()
  })
  afterAll(async () => {
    await bench.stop()
  })

  test('because no partition takes it is told as that', async () => {
    await bench.fresh(`CREATE TABLE sale (id int, day date, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
      CREATE TABLE sale_2026 PARTITION OF sale FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')`)
    const target = await bench.target('sale', ['id', 'day'])
    const write = target.write(batchOf('upsert', ['id', 'day'], [{ id: 1, day: '2027-05-01' }]), never)
    await expect(write).rejects.toMatchObject({
      code: 'DATABASE_CONSTRAINT_BROKEN',
      detail: expect.stringContaining('no partition of relation "sale" found for row [23514].') as unknown,
    })
  })
})
