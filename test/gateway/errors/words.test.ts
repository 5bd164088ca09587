// What a customer reads of a run that failed: files as the definition names them, and requests in place of commands.
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { verifyReceipt } from '../../../shared/core/bulk-sync/receipt'
import { textOf } from '../../../shared/core/record/value'
import { asObjects, objectIn } from '../../support/json'
import { startGateway, type TestGateway } from '../../support/gateway'

let gateway: TestGateway
let key: string
beforeAll(async () => {
  gateway = await startGateway({
    files: {
      'tieout.yaml': `tieout: 1
connections:
  files: { connector: csv }
  out: { connector: ndjson }
  lite: { connector: sqlite, file: base/none.db }
workflows:
  missing:
    key: sku
    source: { connection: files, stream: stock-\${TENANT}.csv }
    target: { connection: out, stream: stock.ndjson }
  sqlite:
    key: sku
    source: { connection: lite, stream: stock }
    target: { connection: out, stream: stock.ndjson }
  nowhere:
    key: sku
    source: { connection: files, stream: good.csv }
    target: { connection: out, stream: none/stock.ndjson }
  refused:
    key: sku
    schema: { type: object, properties: { sku: { type: string }, quantity: { type: integer } } }
    source: { connection: files, stream: good.csv }
    target: { connection: out, stream: refused.ndjson }
    sync: { guards: { rejects: off } }
`,
      'good.csv': 'sku,quantity\nA1,five\n',
      'stock-acne.csv': 'sku\n1\n',
    },
  })
  key = gateway.key({ client: 'acme', tenant: 'acme' })
})
afterAll(() => gateway.close())

async function asked(method: string, path: string, body?: object): Promise<string> {
  const answer = await gateway.call(key, method, path, {
    headers: { prefer: 'wait=20' },
    ...(body ? { body } : {}),
  })
  return answer.text()
}

function ran(workflow: string, body: object = { kind: 'sync' }): Promise<string> {
  return asked('POST', `/v1/workflows/${workflow}/runs`, body)
}

/** A command that is not left to whoever runs the gateway. */
const COMMAND = /"(tieout|curl|ls|df) |\s--[a-z]/

test.each([
  ['missing', 'FILE_NOT_FOUND'],
  ['sqlite', 'DATABASE_FILE_UNUSABLE'],
  ['nowhere', 'FILE_NOT_WRITABLE'],
])('a run of %s fails with %s', async (workflow, code) => {
  const text = await ran(workflow)
  expect(objectIn(text)).toMatchObject({ state: 'failed', problem: { code, owner: 'us' } })
  expect(text).not.toContain(gateway.folder)
  expect(text).not.toMatch(COMMAND)
})

test('files of other tenants are not suggested', async () => {
  expect(await ran('missing')).not.toContain('stock-acne')
})

test('a reconciliation that failed, and its report', async () => {
  const id = textOf(objectIn(await ran('missing', { kind: 'reconcile' }))['id'])
  for (const path of [`/v1/runs/${id}`, `/v1/reconciliations/${id}`]) {
    const text = await asked('GET', path)
    expect(text).toContain('FILE_NOT_FOUND')
    expect(text).not.toContain(gateway.folder)
    expect(text).not.toMatch(COMMAND)
  }
})

test('an upload that is refused, and the receipt of its run, which still holds', async () => {
  rmSync(join(gateway.folder, 'refused.ndjson'), { force: true })
  writeFileSync(join(gateway.folder, 'refused.ndjson'), '{"sku":"1"}\n{"sku":"1"}\n')
  const text = await asked('POST', '/v1/workflows/refused/records', [{ sku: 'B2', quantity: 1 }])
  expect(objectIn(text)).toMatchObject({ code: 'TARGET_FILE_NOT_REWRITABLE', owner: 'us' })
  expect(text).not.toContain(gateway.folder)
  expect(text).not.toMatch(COMMAND)
  const [run] = asObjects(objectIn(await asked('GET', '/v1/runs?workflow=refused'))['items'])
  expect(JSON.stringify(run)).not.toMatch(COMMAND)
  rmSync(join(gateway.folder, 'refused.ndjson'))
})

test('an exception, and the dictionary', async () => {
  const { receipt } = objectIn(await ran('refused'))
  expect(verifyReceipt(receipt)).toMatchObject({ balanced: true })
  const [exception] = asObjects(
    objectIn(await asked('GET', '/v1/exceptions?code=VALIDATION_FAILED'))['items'],
  )
  for (const path of [`/v1/exceptions/${textOf(exception?.['id'])}`, '/errors/VALIDATION_FAILED']) {
    const text = await asked('GET', path)
    expect(text).toContain('POST /v1/workflows/{workflow}/runs')
    expect(text).not.toMatch(COMMAND)
  }
})
