import { planSync } from '../../../shared/core/bulk-sync/plan'
import { refusedBatch } from '../../support/memory-systems'
import { Bench, counts, rows } from '../../support/run-sync'

/** A target that refuses a batch as a whole for a record in it, in a plan as in a run. */
function choosy(bench: Bench, bad: readonly number[]): void {
  const { target } = bench
  const plan = target.plan?.bind(target)
  target.before = ({ writes }) => {
    if (writes.some(({ key }) => bad.includes(Number(key['id'])))) throw refusedBatch()
  }
  target.plan = (batch, signal) => {
    target.before(batch, 0)
    return plan?.(batch, signal) ?? Promise.resolve([])
  }
}

it('tells the records that the target would refuse, and what would become of the others, as the run does', async () => {
  const bench = new Bench(rows(40))
  choosy(bench, [7, 31])
  const plan = await planSync(bench.request())
  expect(plan.outcomes).toEqual({ created: 38, rejected: 2 })
  expect(plan.samples.rejected.map(({ row, place }) => ({ row, place }))).toEqual([
    { row: 7, place: 'row 7' },
    { row: 31, place: 'row 31' },
  ])
  const receipt = await bench.sync()
  expect(counts(receipt)).toEqual(plan.outcomes)
  expect(receipt.rejectedBy).toEqual(plan.rejectedBy)
})

it('spends no more calls on them than a run may', async () => {
  const bench = new Bench(rows(64), { bisectionBudget: 10 })
  choosy(
    bench,
    rows(64).map(({ id }) => Number(id)),
  )
  const { outcomes } = await planSync(bench.request())
  expect(outcomes.unprocessed).toBeGreaterThan(32)
  expect((outcomes.unprocessed ?? 0) + (outcomes.rejected ?? 0)).toBe(64)
})

it('says that a guard would hold the run for its rejects', async () => {
  const bench = new Bench(rows(60))
  bench.target.refuse = (record) => (Number(record['id']) % 2 === 0 ? 'even' : undefined)
  const plan = await planSync(bench.request())
  expect(plan.held).toMatchObject({ guard: 'rejects' })
  expect(await bench.sync()).toMatchObject({ status: 'held', held: { guard: 'rejects' } })
})
