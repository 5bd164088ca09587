import { itemsIn, jsonOf } from '../../support/answers'
import { startGateway, type CallOptions, type TestGateway } from '../../support/gateway'

/** A workflow of which something failed, and whose sides disagree. */
const FILES = {
  'tieout.yaml': `tieout: 1
connections:
  files: { connector: csv }
  out: { connector: ndjson }
workflows:
  stock:
    key: sku
    schema:
      type: object
      properties: { sku: { type: string }, location: { type: string }, quantity: { type: integer } }
    source: { connection: files, stream: stock.csv }
    target: { connection: out, stream: stock.ndjson }
    reconcile: { dimensions: [location], measures: [quantity] }
  other:
    key: sku
    source: { connection: files, stream: stock.csv }
    target: { connection: out, stream: other.ndjson }
`,
  'stock.csv': 'sku,location,quantity\nA1,north,5\nB2,south,7\nC3,south,many\nD4,,1\n',
}

/** Values of parameters that lead to something that is there. */
export type Things = ReadonlyMap<string, readonly string[]>

/** A gateway in which every address of the contract leads somewhere. */
export async function gatewayWithThings(): Promise<{ gateway: TestGateway; key: string; things: Things }> {
  // limits are tested elsewhere
  const gateway = await startGateway({ files: FILES, policies: [], allowedHosts: ['127.0.0.1:9'] })
  const key = gateway.key()
  const ask = (method: string, path: string, options?: CallOptions): Promise<Response> =>
    gateway.call(key, method, path, options)
  const run = async (kind: string): Promise<string> => {
    const options = { headers: { prefer: 'wait=20' }, body: { kind, exceptions: true } }
    return String((await jsonOf(await ask('POST', '/v1/workflows/stock/runs', options)))['id'])
  }
  const sync = await run('sync')
  const plan = await run('plan')
  await ask('PUT', '/v1/workflows/stock/records/A1', { body: { sku: 'A1', location: 'north', quantity: 9 } })
  const upload = await ask('POST', '/v1/workflows/stock/records', {
    headers: { 'content-type': 'text/csv', prefer: 'wait=20' },
    body: 'sku,location,quantity\nE5,west,3\nF6,west,few\n',
  })
  const reconciliation = await run('reconcile')
  const download = await ask('GET', '/v1/workflows/stock/records')
  await download.text()
  const exceptions = itemsIn(await jsonOf(await ask('GET', '/v1/exceptions')))
  const groups = itemsIn(await jsonOf(await ask('GET', '/v1/exceptions/groups')))
  const webhook = await jsonOf(await ask('POST', '/v1/webhooks', { body: { url: 'http://127.0.0.1:9/' } }))
  const things = new Map([
    ['workflow', ['stock']],
    ['run', [sync, plan, reconciliation, String((await jsonOf(upload))['id'])]],
    ['reconciliation', [reconciliation]],
    ['exception', exceptions.map(({ id }) => String(id))],
    ['group', groups.map(({ group }) => String(group))],
    ['export', [String(download.headers.get('etag')).replaceAll('"', '')]],
    ['webhook', [String(webhook['id'])]],
    ['request', [String(download.headers.get('x-request-id'))]],
    ['changedSince', [String(download.headers.get('tieout-cursor'))]],
    ['key', ['A1', 'C3']],
    ['code', ['VALIDATION_FAILED', '9010']],
  ])
  for (const [name, values] of things)
    if (values.length === 0 || values.some((value) => value === 'undefined' || value === 'null'))
      throw new Error(`There is no ${name}: ${values.join()}`)
  return { gateway, key, things }
}
