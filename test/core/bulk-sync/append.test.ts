import { planSync } from '../../../shared/core/bulk-sync/plan'
import { runRetry } from '../../../shared/core/exceptions/retry'
import { textOf, type DataRecord } from '../../../shared/core/record/value'
import { Bench, counts, rows } from '../../support/run-sync'

const at = (minute: number): string => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString()

it('appends nothing twice: neither a tie nor what came late or is read again from a failure', async () => {
  const bench = new Bench(
    [
      { id: 1, at: at(1), qty: 1 },
      { id: 2, at: at(2), qty: 'many' },
      { id: 3, at: at(3), qty: 3 },
    ],
    { mode: 'append' },
  )
  const validate = (record: DataRecord) =>
    record['qty'] === 'many' ? [{ pointer: '/qty', keyword: 'type', message: 'is no number' }] : undefined
  bench.workflow.source.cursor = { field: 'at', lagMs: 60_000 }
  bench.clock.advance(3_600_000)
  // as a file, to which rows are only added
  bench.target.abilities = { compares: true, repeat: 'doubles', atomic: true, before: false }
  expect(counts(await bench.sync({ validate }))).toEqual({ created: 2, rejected: 1 })
  bench.source.rows.push({ id: 4, at: at(3), qty: 4 })
  expect((await planSync(bench.request({ validate }))).outcomes).toEqual({
    created: 1,
    rejected: 1,
    unchanged: 2,
  })
  expect(counts(await bench.sync({ validate }))).toEqual({ created: 1, rejected: 1, unchanged: 2 })
  bench.source.rows = [{ id: 4, at: at(4), qty: 5 }]
  expect(counts(await bench.sync({ validate }))).toEqual({ created: 1 })
  expect(bench.target.state.map(({ id, qty }) => [id, qty])).toEqual([
    [1, 1],
    [3, 3],
    [4, 4],
    [4, 5],
  ])
})

const fresh = rows(10, 61)
it.each([
  ['append', 'at its end', false, [...rows(60), ...fresh]],
  ['append', 'at its end, to a file', true, [...rows(60), ...fresh]],
  ['insert-only', 'at its end', false, [...rows(60), ...fresh]],
  ['append', 'in its middle', false, [...rows(60).slice(0, 33), ...fresh, ...rows(60).slice(33)]],
] as const)(
  'adds nothing twice when the source moved on before a killed run is started again: %s, %s',
  async (mode, _, compares, moved) => {
    const bench = new Bench(rows(60), { mode, batch: 10, concurrency: 1 })
    bench.target.abilities = { compares, repeat: 'replayed', atomic: true, before: false }
    const added = new Map<string, number>()
    const keys = new Set<string>()
    bench.target.before = ({ idempotencyKey, writes }) => {
      if (keys.has(idempotencyKey)) return
      keys.add(idempotencyKey)
      for (const { record } of writes)
        added.set(textOf(record['id']), (added.get(textOf(record['id'])) ?? 0) + 1)
    }
    const commit = bench.store.commit.bind(bench.store)
    bench.store.commit = () => Promise.reject(new Error('killed'))
    await bench.sync()
    bench.store.commit = commit
    bench.source.rows = [...moved]
    expect(counts(await bench.sync())).toEqual({ created: 70 })
    expect([...added].filter(([, times]) => times > 1)).toEqual([])
    expect(bench.target.records.size).toBe(70)
  },
)

it('appends what was refused when it is sent again, beside the version of its key that is there', async () => {
  const bench = new Bench(rows(3), { mode: 'append' })
  bench.target.abilities = { compares: false, repeat: 'doubles', atomic: true, before: false }
  bench.target.lookup = (keys) =>
    Promise.resolve(keys.map(({ id }) => bench.target.state.find((record) => record['id'] === id)))
  await bench.sync()
  const changed = { ...rows(3)[1], qty: 50 }
  bench.source.rows = [...rows(1), changed]
  bench.target.refuse = ({ qty }) => (qty === 50 ? 'not today' : undefined)
  expect(counts(await bench.sync())).toEqual({ unchanged: 1, rejected: 1 })
  bench.target.refuse = () => undefined
  const all = { choice: { filter: { state: 'open' as const }, upTo: 1000 }, who: 'ada' }
  expect(counts((await runRetry({ ...bench.request(), retry: all })).receipt)).toEqual({ created: 1 })
  expect(bench.target.state.filter(({ id }) => id === 2).map(({ qty }) => qty)).toEqual([1, 50])
  expect(counts(await bench.sync())).toEqual({ unchanged: 2 })
})
