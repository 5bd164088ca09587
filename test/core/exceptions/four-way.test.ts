import { fourWay, type FourWay } from '../../../shared/core/exceptions/four-way'
import { Bench, rows } from '../../support/run-sync'

/** Record 7 was synced with quantity 6, was changed to 99 in the source and refused by the target. */
async function refused(): Promise<Bench> {
  const bench = new Bench(rows(20))
  bench.target.abilities = { ...bench.target.abilities, compares: false }
  bench.workflow.personal = ['name']
  await bench.sync()
  bench.source.rows = rows(20).map((row) => (row['id'] === 7 ? { ...row, qty: 99 } : row))
  bench.target.refuse = ({ qty }) => (qty === 99 ? 'too much' : undefined)
  await bench.sync()
  return bench
}

async function view(bench: Bench, reveal = false): Promise<FourWay> {
  const [one] = await bench.store.inbox.exceptions({}, { limit: 1 })
  if (!one) throw new Error('no exception')
  return fourWay(bench.request(), one, reveal)
}

test('what was last given, what failed, and what both sides hold now', async () => {
  const bench = await refused()
  bench.source.rows = rows(20).map((row) => (row['id'] === 7 ? { ...row, qty: 50 } : row))
  expect(await view(bench)).toMatchObject({
    moved: true,
    sourceThen: { record: { id: 7, name: '***', qty: 99 } },
    sourceNow: { record: { id: 7, name: '***', qty: 50 } },
    targetNow: { record: { id: 7, name: '***', qty: 6 } },
  })
})

test('what was last given is known while one of the sides still has it', async () => {
  const bench = await refused()
  expect(await view(bench)).toMatchObject({ lastSynced: { record: { qty: 6 } }, moved: false })
  bench.target.refuse = () => undefined
  await bench.sync()
  expect(await view(bench)).toMatchObject({ lastSynced: { record: { qty: 99 } }, fields: [] })
  bench.target.records.set('[7]', { id: 7, name: 'record 7', qty: 5 })
  bench.source.rows = rows(20)
  const changed = await view(bench)
  expect(changed.lastSynced).toMatchObject({
    unknown: 'neither side has what it was last given; only hashes of that are kept',
  })
  expect(changed.fields).toEqual([{ field: 'qty', sourceThen: 99, sourceNow: 6, targetNow: 5 }])
})

test('personal fields show only to who asks for them', async () => {
  const bench = await refused()
  expect(JSON.stringify(await view(bench))).not.toContain('record 7')
  expect(await view(bench, true)).toMatchObject({
    sourceNow: { record: { name: 'record 7' } },
    sourceThen: { record: { name: '***' } },
  })
})

test('personal values that differ are told to differ, although their masks are the same', async () => {
  const bench = await refused()
  bench.target.records.set('[7]', { id: 7, name: 'another', qty: 99 })
  const name = { field: 'name', sourceThen: '***', sourceNow: '***', targetNow: '***' }
  expect((await view(bench)).fields).toEqual([name])
})

test('a target that compares: by the journal of the runs', async () => {
  const bench = await refused()
  bench.target.abilities = { ...bench.target.abilities, compares: true }
  expect(await view(bench)).toMatchObject({ lastSynced: { record: { qty: 6 } } })
})

test('a record that was never synced has none', async () => {
  const bench = new Bench(rows(3))
  bench.target.refuse = ({ id }) => (id === 2 ? 'no' : undefined)
  await bench.sync()
  expect(await view(bench)).toMatchObject({ lastSynced: { unknown: 'nothing is remembered of it' } })
})

test('a side that has nothing says why', async () => {
  const bench = await refused()
  bench.source.rows = []
  bench.target.records.clear()
  expect(await view(bench)).toMatchObject({
    moved: true,
    sourceNow: { unknown: 'the source no longer has it' },
    targetNow: { unknown: 'the target does not have it' },
  })
})
