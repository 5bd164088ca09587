import { MalformedRow } from '../../../shared/core/connector'
import { Rejection } from '../../../shared/core/record/rejection'
import { Bench, counts, rows } from '../../support/run-sync'

const NOT_OF_THE_SOURCE = { pointer: '/by', keyword: 'additionalProperties', message: 'is not known' }

describe('mirror', () => {
  it('deletes what the source no longer has', async () => {
    const bench = new Bench(rows(100), { mode: 'mirror' })
    await bench.sync()
    bench.source.rows = rows(95)
    const receipt = await bench.sync()
    expect(counts(receipt)).toEqual({ unchanged: 95, deleted: 5 })
    expect(receipt.read.targetOnly.count).toBe(5)
    expect(bench.target.state).toHaveLength(95)
  })

  it('deletes nothing after an empty but successful listing; the set can be approved, once and exactly', async () => {
    const bench = new Bench(rows(100), { mode: 'mirror' })
    await bench.sync()
    bench.source.rows = []
    const held = await bench.sync()
    expect(held.status).toBe('held')
    expect(counts(held)).toEqual({ skipped: 100 })
    expect(bench.target.state).toHaveLength(100)
    bench.source.rows = rows(1)
    expect((await bench.sync({ approve: held.held?.hash ?? '' })).status).toBe('held')
    bench.source.rows = []
    expect(counts(await bench.sync({ approve: held.held?.hash ?? '' }))).toEqual({ deleted: 100 })
  })

  it('holds deletes when the listing is not proven complete, and lets additions flow', async () => {
    const bench = new Bench(rows(100), { mode: 'mirror' })
    await bench.sync()
    bench.source.rows = [...rows(99), { id: 500, name: 'new', qty: 1 }]
    bench.source.total = 150
    const held = await bench.sync()
    expect(held.held?.reason).toMatch(/150/)
    expect(counts(held)).toEqual({ unchanged: 99, created: 1, skipped: 1 })
  })

  it('never deletes a record whose row was rejected', async () => {
    const bench = new Bench(rows(100), { mode: 'mirror', guards: { deletes: {}, rejects: {} } })
    await bench.sync()
    const validate = (record: Record<string, unknown>) =>
      record['id'] === 7 ? [{ pointer: '/qty', keyword: 'type', message: 'expected an integer' }] : undefined
    bench.source.rows[20] = new MalformedRow(new Rejection('CSV_QUOTE_NOT_CLOSED', 'x'), 'line 21', '')
    const receipt = await bench.sync({ validate })
    expect(receipt.status).toBe('held')
    expect(receipt.held?.reason).toMatch(/not known/)
    expect(bench.target.state).toHaveLength(100)
  })

  it('marks instead of deleting, and marks only once', async () => {
    const bench = new Bench(rows(100), { mode: 'mirror', deletes: 'soft', softDelete: { active: false } })
    await bench.sync()
    bench.source.rows = rows(97)
    expect(counts(await bench.sync())).toEqual({ unchanged: 97, updated: 3 })
    expect(bench.target.state.filter((record) => record['active'] === false)).toHaveLength(3)
    expect(counts(await bench.sync())).toEqual({ unchanged: 97 })
  })

  it.each(['compares', 'is remembered'])(
    'takes the mark from a record that comes back, once: a target that %s',
    async (kind) => {
      const sync = { deletes: 'soft', softDelete: { active: false }, restore: { active: true } } as const
      const bench = new Bench(rows(100), { mode: 'mirror', ...sync })
      if (kind === 'is remembered') {
        bench.target.abilities = { compares: false, repeat: 'harmless', atomic: true, before: false }
        delete bench.target.plan
      } else
        bench.target.fingerprint = () =>
          Promise.resolve({ identity: 'one', records: () => Promise.resolve(100) })
      await bench.sync()
      bench.source.rows = rows(97)
      expect(counts(await bench.sync())).toEqual({ unchanged: 97, updated: 3 })
      const marked = bench.target.sent
      expect(counts(await bench.sync())).toEqual({ unchanged: 97 })
      expect(bench.target.sent).toBe(marked)

      bench.source.rows = rows(99)
      expect(counts(await bench.sync())).toEqual({ unchanged: 97, updated: 2 })
      const active = bench.target.state.filter((record) => record['active'] === true)
      expect(active).toHaveLength(99)
      const restored = bench.target.sent
      expect(counts(await bench.sync())).toEqual({ unchanged: 99 })
      expect(bench.target.sent).toBe(restored)
    },
  )

  it('deletes only what this workflow wrote where the scope says so', async () => {
    const bench = new Bench(rows(20), { mode: 'mirror', deleteScope: 'written' })
    bench.target.records.set('[900]', { id: 900, name: 'of somebody else' })
    await bench.sync()
    bench.source.rows = rows(19)
    expect(counts(await bench.sync())).toEqual({ unchanged: 19, deleted: 1 })
    expect(bench.target.state).toHaveLength(20)
  })

  it('learns what it wrote when the scope of deletes becomes narrower', async () => {
    const bench = new Bench(rows(20), { mode: 'mirror', deleteScope: 'target' })
    bench.target.fingerprint = () => Promise.resolve({ identity: 'one', records: () => Promise.resolve(20) })
    await bench.sync()
    bench.workflow.sync.deleteScope = 'written'
    await bench.sync()
    bench.source.rows = rows(19)
    expect(counts(await bench.sync())).toEqual({ unchanged: 19, deleted: 1 })
  })

  it('lets a value of the record itself stand against what clears the mark', async () => {
    const sync = { deletes: 'soft', softDelete: { qty: 0 }, restore: { qty: null, by: 'us' } } as const
    const bench = new Bench([{ id: 1, qty: 5 }, { id: 2 }], { mode: 'mirror', ...sync })
    await bench.sync({ validate: (record) => ('by' in record ? [NOT_OF_THE_SOURCE] : undefined) })
    expect(bench.target.state).toEqual([
      { id: 1, qty: 5, by: 'us' },
      { id: 2, qty: null, by: 'us' },
    ])
  })
})
