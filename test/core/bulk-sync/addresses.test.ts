import { planSync } from '../../../shared/core/bulk-sync/plan'
import { undoRun } from '../../../shared/core/bulk-sync/undo'
import { Fault } from '../../../shared/core/fault'
import { textOf } from '../../../shared/core/record/value'
import { MemoryTarget } from '../../support/memory-systems'
import { Bench, counts, rows } from '../../support/run-sync'

/** A bench whose runs say where they write. */
function benchAt(address: string): { bench: Bench; to: (address: string) => MemoryTarget } {
  const bench = new Bench(rows(30))
  const to = (other: string): MemoryTarget => {
    const target = new MemoryTarget(['id'])
    target.abilities = { compares: false, repeat: 'harmless', atomic: true, before: false }
    delete target.plan
    target.address = other
    return target
  }
  bench.source.address = 'erp'
  Object.assign(bench, { target: to(address) })
  return { bench, to }
}

describe('a workflow that is turned to another system', () => {
  it('sends everything to a target that was given nothing, and says so', async () => {
    const { bench, to } = benchAt('https://staging.example.com/stock')
    await bench.sync()
    const production = to('https://api.example.com/stock')
    const plan = await planSync(bench.request({ target: production }))
    expect(plan.outcomes).toEqual({ created: 30 })
    expect(counts(await bench.sync({ target: production }))).toEqual({ created: 30 })
    expect(production.state).toHaveLength(30)
    expect(counts(await bench.sync({ target: production }))).toEqual({ unchanged: 30 })
    expect(bench.warnings).toEqual([
      'stock wrote to https://staging.example.com/stock before; https://api.example.com/stock gets everything once.',
    ])
  })

  it('goes on with an interrupted run only where that wrote', async () => {
    const { bench, to } = benchAt('staging')
    bench.workflow = { ...bench.workflow, sync: { ...bench.workflow.sync, checkpointEvery: 10 } }
    bench.target.before = (_, call) => {
      if (call === 3) throw new Fault('UNAUTHORIZED', 'refused')
    }
    expect((await bench.sync()).status).toBe('failed')
    const production = to('production')
    expect(counts(await bench.sync({ target: production }))).toEqual({ created: 30 })
    expect(production.state).toHaveLength(30)
  })

  it('reads another source from its beginning', async () => {
    const { bench } = benchAt('wms')
    bench.workflow = {
      ...bench.workflow,
      source: { ...bench.workflow.source, cursor: { field: 'id', lagMs: 0 } },
    }
    await bench.sync()
    await bench.sync()
    expect(bench.source.reads.at(-1)?.since).toEqual({ field: 'id', value: '30' })
    bench.source.address = 'erp of another country'
    bench.source.rows = rows(3, -10)
    expect(counts(await bench.sync())).toEqual({ created: 3 })
    expect(bench.source.reads.at(-1)?.since).toBeUndefined()
  })

  it('does not undo in one place what was written to another', async () => {
    const { bench, to } = benchAt('staging')
    const { run } = await bench.sync()
    const production = to('production')
    await bench.sync({ target: production })
    await expect(undoRun(bench.request({ target: production }), run)).rejects.toMatchObject({
      code: 'UNDO_NOT_POSSIBLE',
      detail: `Run ${run} wrote to staging; stock writes to production by now.`,
    })
    expect(production.state).toHaveLength(30)
  })

  it('keeps what it knows of runs that noted no address', async () => {
    const { bench, to } = benchAt('wms')
    delete bench.target.address
    await bench.sync()
    const same = to('wms')
    for (const [key, record] of bench.target.records) same.records.set(key, record)
    expect(counts(await bench.sync({ target: same }))).toEqual({ unchanged: 30 })
  })
})

describe('a target that takes what it gets a second time for new', () => {
  const movedTo = async (address: string): Promise<{ bench: Bench; target: MemoryTarget; fault: Fault }> => {
    const { bench, to } = benchAt('https://old.example.com/orders')
    const doubling = (target: MemoryTarget): MemoryTarget => {
      target.abilities = { ...target.abilities, repeat: 'doubles' }
      return target
    }
    doubling(bench.target)
    await bench.sync()
    const target = doubling(to(address))
    const refused: unknown = await bench.sync({ target }).catch((error: unknown) => error)
    if (!(refused instanceof Fault)) throw new Error('it was not asked about')
    return { bench, target, fault: refused }
  }

  it('gets nothing at another address until somebody says which system that is', async () => {
    const { bench, target, fault } = await movedTo('https://new.example.com/orders')
    expect(fault).toMatchObject({ code: 'TARGET_MOVED' })
    expect(fault.detail).toContain(
      'wrote to https://old.example.com/orders before and to https://new.example.com',
    )
    await expect(planSync(bench.request({ target }))).rejects.toMatchObject({ code: 'TARGET_MOVED' })
    expect(target.state).toHaveLength(0)
    const [run] = await bench.store.runs({ limit: 1 })
    expect(run).toMatchObject({ status: 'failed', attempts: 0, fault: { code: 'TARGET_MOVED' } })
  })

  it('gets nothing again where it is the same, and is not asked about any more', async () => {
    const { bench, target, fault } = await movedTo('https://new.example.com/orders')
    const approve = String(fault.evidence['same'])
    expect(counts(await bench.sync({ target, approve }))).toEqual({ unchanged: 30 })
    expect(counts(await bench.sync({ target }))).toEqual({ unchanged: 30 })
    expect(target.state).toHaveLength(0)
  })

  it('has what was written under its old address undone under the new one', async () => {
    const { bench, target, fault } = await movedTo('https://new.example.com/orders')
    for (const record of rows(30)) target.records.set(`[${textOf(record['id'])}]`, record)
    const approve = String(fault.evidence['same'])
    const [, run] = await bench.store.runs({ limit: 2 })
    await bench.sync({ target, approve })
    expect(counts(await undoRun(bench.request({ target }), run?.id ?? ''))).toEqual({ deleted: 30 })
    expect(target.state).toHaveLength(0)
  })

  it('gets everything where it is another', async () => {
    const { bench, target, fault } = await movedTo('https://new.example.com/orders')
    const approve = String(fault.evidence['other'])
    expect(counts(await bench.sync({ target, approve }))).toEqual({ created: 30 })
    expect(counts(await bench.sync({ target }))).toEqual({ unchanged: 30 })
  })

  it('is the same over https', async () => {
    await expect(movedTo('http://old.example.com/orders')).rejects.toThrow('it was not asked about')
  })
})

it('does not delete by another key what it remembers by the one before', async () => {
  const bench = new Bench(rows(30), {
    mode: 'mirror',
    deleteScope: 'written',
    guards: { deletes: {}, rejects: {} },
  })
  const { run } = await bench.sync()
  bench.workflow = { ...bench.workflow, key: ['name'] }
  const target = new MemoryTarget(['name'])
  for (const record of rows(30)) target.records.set(JSON.stringify([record['name']]), record)
  expect((await planSync(bench.request({ target }))).outcomes).toEqual({ unchanged: 30 })
  expect(counts(await bench.sync({ target }))).toEqual({ unchanged: 30 })
  expect(bench.warnings).toEqual(['stock knew records by id before; by name everything is sent once.'])
  bench.source.rows.pop()
  expect(counts(await bench.sync({ target }))).toEqual({ unchanged: 29, deleted: 1 })
  await expect(undoRun(bench.request({ target }), run)).rejects.toMatchObject({ code: 'UNDO_NOT_POSSIBLE' })
})

it('goes on with an interrupted run although the clock was set back since the one before', async () => {
  const bench = new Bench(rows(30), { checkpointEvery: 10 })
  await bench.sync()
  bench.clock.advance(-86_400_000)
  bench.source.rows = rows(30, 100)
  bench.target.before = (batch) => {
    if (batch.writes.some(({ key }) => key['id'] === 125)) throw new Fault('UNAUTHORIZED', 'refused')
  }
  const failed = await bench.sync()
  expect(failed.status).toBe('failed')
  bench.target.before = () => undefined
  const resumed = await bench.sync()
  expect(resumed).toMatchObject({ run: failed.run, status: 'succeeded', attempts: 2 })
})
