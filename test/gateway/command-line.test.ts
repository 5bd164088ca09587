// Beside a gateway the command line works on the same state: its runs are told by the feed, so they have an address, too.
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { textOf } from '../../shared/core/record/value'
import { commandLine } from '../support/command-line'
import { startGateway, type TestGateway } from '../support/gateway'
import { asObjects, objectIn } from '../support/json'

let gateway: TestGateway
let key: string
beforeEach(async () => {
  gateway = await startGateway()
  key = gateway.key()
})
afterEach(() => gateway.close())

async function asked(method: string, path: string): Promise<Record<string, unknown>> {
  const answer = await gateway.call(key, method, path, { headers: { prefer: 'wait=20' } })
  return { status: answer.status, ...objectIn(await answer.text()) }
}

/** Of the newest event of this kind. */
async function runTold(type: string): Promise<string> {
  const page = await gateway.call(key, 'GET', `/v1/events?type=${type}`)
  return textOf(asObjects(objectIn(await page.text())['items']).at(-1)?.['run'])
}

test('a sync of the command line is there with its receipt, and can be undone', async () => {
  await commandLine(gateway.folder)('sync', 'stock')
  const run = await runTold('run.ended')
  expect(await asked('GET', `/v1/runs/${run}`)).toMatchObject({
    status: 200,
    id: run,
    kind: 'sync',
    state: 'succeeded',
    over: true,
    outcomes: { created: 2 },
    receipt: { run, balanced: true },
  })
  expect(await asked('DELETE', `/v1/runs/${run}`)).toMatchObject({ status: 409, code: 'RUN_IS_OVER' })
  expect(await asked('GET', `/v1/runs/${run}/records/ok`)).toMatchObject({ status: 410, code: 'UPLOAD_GONE' })
  expect(await asked('POST', `/v1/runs/${run}/undo`)).toMatchObject({
    kind: 'undo',
    outcomes: { deleted: 2 },
  })
})

test('one that failed says why, and is gone on with here', async () => {
  rmSync(join(gateway.folder, 'stock.csv'))
  await commandLine(gateway.folder)('sync', 'stock')
  const run = await runTold('run.ended')
  expect(await asked('GET', `/v1/runs/${run}`)).toMatchObject({
    state: 'failed',
    hasErrors: true,
    problem: { code: 'FILE_NOT_FOUND', owner: 'us' },
  })
  writeFileSync(join(gateway.folder, 'stock.csv'), 'sku,quantity\nA1,5\n')
  expect(await asked('POST', `/v1/runs/${run}/resume`)).toMatchObject({ state: 'succeeded' })
})

test('a reconciliation of the command line is there', async () => {
  await commandLine(gateway.folder)('reconcile', 'stock')
  const run = await runTold('reconciliation.ended')
  expect(await asked('GET', `/v1/runs/${run}`)).toMatchObject({ status: 200, kind: 'reconcile', over: true })
  expect(await asked('POST', `/v1/runs/${run}/resume`)).toMatchObject({ status: 409, code: 'RUN_IS_OVER' })
})

test('the receipt of a run of the gateway is verified by its id', async () => {
  const { id } = await asked('POST', '/v1/workflows/stock/runs')
  const verified = await commandLine(gateway.folder)('verify-receipt', String(id))
  expect(verified).toMatchObject({ exit: 0, out: expect.stringContaining('balances') as unknown })
  expect((await commandLine(gateway.folder)('verify-receipt', 'none')).err).toContain('RECEIPT_NOT_READABLE')
})

test('what nobody may see is not there', async () => {
  await commandLine(gateway.folder)('sync', 'stock')
  const run = await runTold('run.ended')
  const others = gateway.key({ client: 'other', workflows: ['none'] })
  expect((await gateway.call(others, 'GET', `/v1/runs/${run}`)).status).toBe(404)
  const tenant = gateway.key({ client: 'globex', tenant: 'globex' })
  expect((await gateway.call(tenant, 'GET', `/v1/runs/${run}`)).status).toBe(404)
})
