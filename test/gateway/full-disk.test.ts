import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as elapsed } from 'node:timers/promises'
import { JobStore } from '../../gateway/jobs/job-store'
import { itemsIn, jsonOf, type Json } from '../support/answers'
import { startGateway, type TestGateway } from '../support/gateway'

let gateway: TestGateway
let key: string

beforeEach(async () => {
  gateway = await startGateway()
  key = gateway.key()
})

afterEach(async () => {
  jest.restoreAllMocks()
  await gateway.close()
})

/** As SQLite takes a disk without room: it lets no file grow. */
function full(): void {
  const pages = Number(gateway.sql.of('PRAGMA page_count').get()?.['page_count'])
  gateway.sql.of(`PRAGMA max_page_count = ${String(pages)}`).get()
}

async function sync(): Promise<Json> {
  const options = { headers: { prefer: 'wait=20' }, body: {} }
  return jsonOf(await gateway.call(key, 'POST', '/v1/workflows/stock/runs', options))
}

const states = (): unknown[] =>
  gateway.sql
    .of('SELECT state FROM job ORDER BY number')
    .all()
    .map(({ state }) => state)

test('what needs room says so, what needs none is answered, and all is as before when there is room', async () => {
  await sync()
  full()
  let answer = await sync()
  for (let i = 0; i < 50 && answer['code'] === undefined; i++) answer = await sync()
  expect(answer).toMatchObject({ status: 503, code: 'DISK_FULL', steps: [{ who: 'us' }] })
  expect((await gateway.call(key, 'GET', '/v1/runs')).status).toBe(200)
  gateway.sql.of('PRAGMA max_page_count = 1073741823').get()
  expect(await sync()).toMatchObject({ state: 'succeeded' })
})

test('an upload whose failure could not be written and that is gone on with is one run, also in the list', async () => {
  const target = join(gateway.folder, 'stock-default.ndjson')
  writeFileSync(target, '{"sku":"A1"}\n{"sku":"A1"}\n')
  // faked, because nothing else is full just at the end of a run and not before
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own `this` below
  const { save } = JobStore.prototype
  jest.spyOn(JobStore.prototype, 'save').mockImplementation(function (this: JobStore, job) {
    if (job.state !== 'running') throw Object.assign(new Error('database or disk is full'), { errcode: 13 })
    save.call(this, job)
  })
  const options = { headers: { prefer: 'wait=20', 'content-type': 'text/csv' }, body: 'sku,quantity\nZ9,1\n' }
  const refused = await gateway.call(key, 'POST', '/v1/workflows/stock/records', options)
  const { evidence } = await jsonOf(refused)
  expect(evidence).toMatchObject({ run: expect.any(String) as unknown })
  jest.restoreAllMocks()
  rmSync(target)
  const [failed] = itemsIn(await jsonOf(await gateway.call(key, 'GET', '/v1/runs')))
  expect(failed).toMatchObject({ state: 'failed' })
  const resumed = await gateway.call(key, 'POST', `/v1/runs/${String(failed?.['id'])}/resume`, {
    headers: { prefer: 'wait=20' },
  })
  expect(await jsonOf(resumed)).toMatchObject({ state: 'succeeded', outcomes: { created: 1 } })
  expect(states()).toEqual(['failed', 'succeeded'])
  const listed = itemsIn(await jsonOf(await gateway.call(key, 'GET', '/v1/runs')))
  expect(listed).toMatchObject([{ id: failed?.['id'], state: 'succeeded' }])
})

test('a run whose end cannot be written is told as it ended, and is written with the next', async () => {
  // faked, because nothing else is full just at the end of a run and not before
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own `this` below
  const { save } = JobStore.prototype
  jest.spyOn(JobStore.prototype, 'save').mockImplementation(function (this: JobStore, job) {
    if (job.state !== 'running') throw Object.assign(new Error('database or disk is full'), { errcode: 13 })
    save.call(this, job)
  })
  const { id, state } = await sync()
  expect(state).toBe('succeeded')
  expect(await jsonOf(await gateway.call(key, 'GET', `/v1/runs/${String(id)}`))).toMatchObject({ state })
  expect(states()).toEqual(['running'])
  jest.restoreAllMocks()
  expect(await sync()).toMatchObject({ state: 'succeeded' })
  await elapsed(10)
  expect(states()).toEqual(['succeeded', 'succeeded'])
})
