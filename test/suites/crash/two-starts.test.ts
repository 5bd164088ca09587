import { keyedKind } from './kinds/http'
import type { Report } from './job'
import { Program } from './start'
import { Trial } from './trial'

/** Two processes, one workflow: its lock is in the state file, its owner is a process of this machine. */
let program: Program
let trial: Trial
beforeAll(async () => {
  program = new Program()
  trial = await Trial.open(program, keyedKind, 'upsert', { records: 240, batch: 30, checkpointEvery: 60 })
})
beforeEach(() => trial.reset())
afterAll(async () => {
  await trial.close()
  program.remove()
})

test('the second start is refused and names the first, which ends as if it had been alone', async () => {
  const first = trial.start({ stopAt: 'after commit 2', again: true })
  await first.stopped()
  const second = reported(await trial.start().end())
  expect(second.fault?.code).toBe('RUN_ALREADY_GOING')
  expect(second.fault?.detail).toContain(`:${first.pid} `)
  first.signal('SIGCONT')
  expect(await trial.differences(reported(await first.end()))).toEqual([])
})

test('the next start goes on at once when the first was killed: nobody waits for its lease', async () => {
  expect(await trial.start({ killAt: 'after commit 2' }).end()).toBe('killed')
  const report = await trial.finish()
  expect(report.receipt).toMatchObject({ attempts: 2, status: 'succeeded' })
  expect(await trial.differences(report)).toEqual([])
})

test('a process that stood still beyond its lease finds that another took over, and saves nothing', async () => {
  const first = trial.start({ stopAt: 'after commit 2' })
  await first.stopped()
  const second = reported(await trial.start({ aheadMs: 61_000, again: true }).end())
  expect(second.receipt).toMatchObject({ attempts: 2, status: 'succeeded' })
  first.signal('SIGCONT')
  expect(reported(await first.end()).fault?.code).toBe('LEASE_LOST')
  expect(await trial.differences(second)).toEqual([])
})

test('of several at once on a new state file one runs; the others are refused or find nothing to do', async () => {
  const reports = await Promise.all(Array.from({ length: 4 }, () => trial.start().end()))
  const told = reports.map(reported).map(({ fault, receipt }) => fault?.code ?? trial.outcomes(receipt))
  const { outcomes, again } = trial.clean
  expect(told.filter((one) => one === outcomes)).toHaveLength(1)
  expect(told.filter((one) => ![outcomes, again, 'RUN_ALREADY_GOING'].includes(one))).toEqual([])
})

function reported(report: Report | 'killed'): Report {
  if (report === 'killed') throw new Error('the process was killed')
  return report
}
