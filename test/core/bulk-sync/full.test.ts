import { planSync } from '../../../shared/core/bulk-sync/plan'
import { Fault } from '../../../shared/core/fault'
import type { SyncSettings } from '../../../shared/core/workflow'
import type { TargetAbilities } from '../../../shared/core/connector'
import { MemoryTarget } from '../../support/memory-systems'
import { Bench, counts, rows } from '../../support/run-sync'

/** Over a target that cannot compare. */
function benchWith(
  repeat: TargetAbilities['repeat'],
  { sync = {}, lookup = false }: { sync?: Partial<SyncSettings>; lookup?: boolean } = {},
): Bench {
  const bench = new Bench(rows(30), sync)
  bench.target.abilities = { compares: false, repeat, atomic: true, before: false }
  delete bench.target.plan
  if (!lookup) delete bench.target.lookup
  return bench
}

/** Outcomes of a plan and of the run, and how many records were sent. */
async function fullOf(bench: Bench): Promise<{ plan: object; run: object; sent: number }> {
  const plan = await planSync(bench.request({ full: true }))
  const before = bench.target.sent
  const run = counts(await bench.sync({ full: true }))
  return { plan: plan.outcomes, run, sent: bench.target.sent - before }
}

describe('a full run to a target that cannot compare and has lost what it had', () => {
  it('sends everything where that does no harm', async () => {
    const bench = benchWith('harmless')
    await bench.sync()
    bench.target.records.clear()
    expect(counts(await bench.sync())).toEqual({ unchanged: 30 })
    expect(await fullOf(bench)).toEqual({ plan: { updated: 30 }, run: { created: 30 }, sent: 30 })
    expect(bench.target.state).toHaveLength(30)
    expect(counts(await bench.sync())).toEqual({ unchanged: 30 })
  })

  it.each(['doubles', 'replayed'] as const)(
    'asks for each record where it would be written twice: %s',
    async (repeat) => {
      const bench = benchWith(repeat, { lookup: true })
      await bench.sync()
      for (const id of [3, 7]) bench.target.records.delete(`[${id}]`)
      bench.target.records.set('[9]', { id: 9, name: 'by hand', qty: 1 })
      const { run, sent } = await fullOf(bench)
      expect({ run, sent }).toEqual({ run: { created: 2, updated: 1, unchanged: 27 }, sent: 3 })
      expect(bench.target.state).toHaveLength(30)
    },
  )

  it.each([
    ['doubles', {}],
    ['replayed', {}],
    ['harmless', { mode: 'append' }],
    ['harmless', { mode: 'insert-only' }],
  ] as const)('sends nothing twice where it cannot be asked, and says so: %s %j', async (repeat, sync) => {
    const bench = benchWith(repeat, { sync })
    await bench.sync()
    expect(await fullOf(bench)).toEqual({ plan: { unchanged: 30 }, run: { unchanged: 30 }, sent: 0 })
    expect(bench.warnings).toEqual([
      'stock: the target would take what it was given before for new and cannot be asked, so only what changed is sent.',
    ])
  })

  it('sends a record again in the next run that it refused in this one', async () => {
    const bench = benchWith('harmless')
    await bench.sync()
    bench.target.refuse = ({ id }) => (id === 5 ? 'locked' : undefined)
    expect(counts(await bench.sync({ full: true }))).toEqual({ unchanged: 29, rejected: 1 })
    bench.target.refuse = () => undefined
    const before = bench.target.sent
    await bench.sync()
    expect(bench.target.sent - before).toBe(1)
  })
})

describe('a full run that was interrupted', () => {
  it('goes on as one', async () => {
    const bench = benchWith('harmless', { sync: { checkpointEvery: 10, concurrency: 1 } })
    await bench.sync()
    bench.target.records.clear()
    bench.target.before = () => {
      if (bench.target.records.size >= 20) throw new Fault('UNAUTHORIZED', 'refused')
    }
    expect((await bench.sync({ full: true })).status).toBe('failed')
    bench.target.before = () => undefined
    await bench.sync()
    expect(bench.target.state).toHaveLength(30)
  })

  it('is not what goes on where only changes were read before', async () => {
    const bench = new Bench(rows(30), { checkpointEvery: 10 })
    bench.workflow.source.cursor = { field: 'id', lagMs: 0 }
    await bench.sync()
    bench.source.rows.push(...rows(10, 31))
    bench.target.before = () => {
      throw new Fault('UNAUTHORIZED', 'refused')
    }
    await bench.sync()
    bench.target.before = () => undefined
    const target = new MemoryTarget(['id'])
    expect(counts(await bench.sync({ full: true, target }))).toEqual({ created: 40 })
    expect(bench.source.reads.at(-1)?.since).toBeUndefined()
  })
})
