import { listNotOpened } from '../../../shared/core/bulk-sync/begin'
import { Fault } from '../../../shared/core/fault'
import type { RunRow } from '../../../shared/core/store'
import { Bench, counts, rows } from '../../support/run-sync'

const GONE = new Fault('UNAUTHORIZED', 'wms: the password is wrong')

async function listed({ store }: Bench): Promise<string[]> {
  const runs = await store.runs({ limit: 10 })
  return runs.map(({ status, attempts, fault }) => `${status} ${attempts} ${fault?.code ?? ''}`.trim())
}

describe('a run that cannot begin', () => {
  it('is listed with its code, and the next one is a run of its own that reads what it would have read', async () => {
    const bench = new Bench(rows(30))
    bench.workflow.source.cursor = { field: 'id', lagMs: 0 }
    await bench.sync()
    await listNotOpened(bench.request(), GONE)
    // a gateway that was killed goes on under the id that it gave
    await listNotOpened(bench.request({ id: 'given' }), GONE)
    expect(await listed(bench)).toEqual(['failed 0 UNAUTHORIZED', 'failed 0 UNAUTHORIZED', 'succeeded 1'])
    expect(await bench.sync({ id: 'given' })).toMatchObject({ run: 'given', attempts: 1 })
    expect(bench.source.reads.at(-1)?.since).toEqual({ field: 'id', value: '30' })
    expect(await listed(bench)).toEqual(['succeeded 1', 'failed 0 UNAUTHORIZED', 'succeeded 1'])
  })

  it('says in the feed what was in the way', async () => {
    const bench = new Bench(rows(3))
    await listNotOpened(bench.request(), GONE)
    const [event] = await bench.store.inbox.events({ after: 0, limit: 10 })
    expect(event).toMatchObject({
      type: 'run.ended',
      facts: { kind: 'sync', status: 'failed', fault: 'UNAUTHORIZED' },
    })
  })

  it('lets an interrupted one be gone on with from where it was', async () => {
    const bench = new Bench(rows(300), { checkpointEvery: 50, concurrency: 1 })
    bench.target.before = (_, call) => {
      if (call === 11) throw GONE
    }
    const { run } = await bench.sync()
    await listNotOpened(bench.request(), GONE)
    expect(await listed(bench)).toEqual(['failed 1 UNAUTHORIZED'])
    bench.target.before = () => undefined
    const receipt = await bench.sync()
    expect(receipt).toMatchObject({ run, status: 'succeeded', attempts: 2 })
    expect(counts(receipt)).toEqual({ created: 300 })
    expect(bench.source.reads.at(-1)?.after).toBe('100')
    expect(await listed(bench)).toEqual(['succeeded 2'])
  })

  it('says nothing of one that is over, or that another process is at work on', async () => {
    const bench = new Bench(rows(30))
    const { run } = await bench.sync()
    await listNotOpened(bench.request({ id: run }), GONE)
    const lock = { workflow: 'stock', run: 'other', owner: 'host:2', until: bench.clock.now() + 1000 }
    await bench.store.acquire(lock, bench.clock.now())
    await expect(listNotOpened(bench.request(), GONE)).rejects.toMatchObject({ code: 'RUN_ALREADY_GOING' })
    expect(await listed(bench)).toEqual(['succeeded 1'])
  })

  it('does not hide where the runs before it wrote', async () => {
    const bench = new Bench(rows(30))
    bench.target.address = 'staging'
    await bench.sync()
    await listNotOpened(bench.request(), GONE)
    await listNotOpened(bench.request({ id: 'file', upload: true }), GONE)
    expect(await bench.store.address('stock', 'target')).toBe('staging')
  })
})

it('a run that lost its target before it read is listed as failed', async () => {
  const bench = new Bench(rows(30))
  bench.target.fingerprint = () => Promise.reject(GONE)
  await expect(bench.sync()).rejects.toBe(GONE)
  expect(await listed(bench)).toEqual(['failed 1 UNAUTHORIZED'])
  delete bench.target.fingerprint
  const [earlier] = await bench.store.runs({ limit: 1 })
  expect(await bench.sync()).toMatchObject({ run: earlier?.id, status: 'succeeded' })
  const [run]: RunRow[] = await bench.store.runs({ limit: 1 })
  expect(run?.fault).toBeUndefined()
})
