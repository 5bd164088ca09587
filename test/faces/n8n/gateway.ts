import { mapping, output, type Execution } from '../../../bench/lib/n8n/run-data'
import { containing } from '../../support/answers'
import { startFaultyApi, type FaultyApi } from '../../support/faulty-api'
import { folderWith } from '../../support/folder'
import { startGateway, type TestGateway } from '../../support/gateway'
import { credentialsOf, inARow, items, named, START, tieout, type Credentials, type NodeLike } from './nodes'
import type { N8n } from './server'

const FILES = {
  'tieout.yaml': `tieout: 1
connections:
  files: { connector: csv }
  out: { connector: ndjson }
workflows:
  stock:
    key: sku
    schema:
      properties: { sku: { type: string }, quantity: { type: integer, minimum: 0 } }
    source: { connection: files, stream: stock.csv }
    target: { connection: out, stream: stock.ndjson }
    sync: { guards: { rejects: 50% } }
  strict:
    key: sku
    schema: { properties: { sku: { type: string }, quantity: { type: integer, minimum: 0 } } }
    source: { connection: files, stream: stock.csv }
    target: { connection: out, stream: strict.ndjson }
    sync: { guards: { rejects: 0 } }
  gone:
    key: sku
    source: { connection: files, stream: gone.csv }
    target: { connection: out, stream: gone.ndjson }
`,
  'stock.csv': 'sku,quantity\nA1,5\nB2,7\nC3,-1\n',
}

const ORDERS = `tieout: 1
connections:
  files: { connector: csv }
  shop: { connector: http, baseUrl: '\${SHOP}', streams: { orders: { path: /items/batch } } }
workflows:
  orders:
    key: sku
    source: { connection: files, stream: orders.csv }
    target: { connection: shop, stream: orders }
`

export function gatewaySuite(n8n: N8n): void {
  let gateway: TestGateway
  let key: string
  let credentials: Credentials
  beforeAll(async () => {
    gateway = await startGateway({ files: FILES })
    key = gateway.key()
    credentials = await credentialsOf(n8n, 'tieoutGatewayApi', {
      url: gateway.url,
      method: 'header',
      apiKey: key,
    })
  })
  afterAll(() => gateway.close())

  const run = (id: string, ...nodes: NodeLike[]): Promise<Execution> =>
    n8n().run(inARow(id, credentials, START, ...nodes))
  const sync = (parameters: Record<string, unknown>): NodeLike => tieout('BulkSync', 'Sync', parameters)

  test('a workflow of the gateway is run; its exceptions are items with what to do', async () => {
    const execution = await run('gateway-run', sync({ operation: 'run', workflow: named('stock') }))
    expect(output(execution, 'Sync', 2)[0]?.json).toMatchObject({
      status: 'exceptions',
      created: 2,
      rejected: 1,
    })
    expect(output(execution, 'Sync', 1)).toHaveLength(1)
    expect(output(execution, 'Sync', 1)[0]?.json).toMatchObject({ key: '["C3"]', state: 'open' })
    expect(output(execution, 'Sync', 1)[0]?.json['steps']).not.toEqual([])
  })

  test('a workflow of the gateway is reconciled, with its report', async () => {
    const execution = await run('gateway-reconcile', {
      name: 'Reconcile',
      type: 'n8n-nodes-tieout.tieoutReconcile',
      parameters: { operation: 'run', workflow: named('stock'), gatewayOptions: { reports: ['html'] } },
    })
    expect(output(execution, 'Reconcile').map(({ json }) => json['kind'])).toEqual(['missing-in-target'])
    expect(output(execution, 'Reconcile', 3)[0]).toMatchObject({
      json: { status: 'breaks', workflow: 'stock' },
      binary: { html: { fileName: 'reconciliation.html' } },
    })
  })

  const reconcile = (parameters: Record<string, unknown>): NodeLike =>
    tieout('Reconcile', 'Reconcile', { operation: 'run', ...parameters })

  test('a run and a reconciliation that failed and did nothing stop their node with what the gateway says', async () => {
    for (const node of [sync, reconcile]) {
      const failed = node({ operation: 'run', workflow: named('gone') })
      const { error } = (await run(`failed-${failed.name}`, failed)).data.resultData
      expect(error?.message).toContain('gone.csv')
      expect(error?.description).toContain('FILE_NOT_FOUND')
    }
  })

  test('a run that a guard holds is told beside the node', async () => {
    const execution = await run('gateway-held', sync({ operation: 'run', workflow: named('strict') }))
    expect(output(execution, 'Sync', 2)).toMatchObject([{ json: { status: 'held' } }])
    const [hint] = execution.data.resultData.runData['Sync']?.[0]?.hints ?? []
    expect(hint?.message).toContain('A guard holds the run')
    const approve = /put (\S+) under Options, Approve/.exec(hint?.message ?? '')?.[1]
    const gone = sync({ operation: 'run', workflow: named('strict'), gatewayOptions: { approve } })
    expect(output(await run('gateway-approved', gone), 'Sync', 2)).toMatchObject([
      { json: { status: 'exceptions', created: 2, rejected: 1 } },
    ])
  })

  test('a target at another address gets nothing until its hash is approved, in a run and in an upload', async () => {
    const [old, moved] = [await startFaultyApi(), await startFaultyApi()]
    const { path: folder, remove } = folderWith({
      'tieout.yaml': ORDERS,
      'orders.csv': 'sku,quantity\nA1,5\n',
    })
    const gatewayTo = ({ url }: FaultyApi): Promise<TestGateway> =>
      startGateway({ folder, env: { SHOP: url } })
    let after: TestGateway | undefined
    try {
      const before = await gatewayTo(old)
      const apiKey = before.key()
      await before.call(apiKey, 'POST', '/v1/workflows/orders/runs', { headers: { prefer: 'wait=20' } })
      await before.stop()
      expect(old.records).toHaveLength(1)
      after = await gatewayTo(moved)
      const data = { url: after.url, method: 'header', apiKey }
      const there = await credentialsOf(n8n, 'tieoutGatewayApi', data)
      const orders = (operation: 'run' | 'upload', approve?: string): Promise<Execution> => {
        const records = items('Records', [{ sku: 'B2', quantity: 7 }])
        const node = sync({ operation, workflow: named('orders'), gatewayOptions: { approve } })
        return n8n().run(inARow(`moved-${operation}`, there, START, records, node))
      }
      const { error } = (await orders('run')).data.resultData
      expect(error?.description).toContain('put the hash under Options, Approve')
      const same = /approve (\w+): nothing is sent again/.exec(error?.message ?? '')?.[1]
      const uploaded = await orders('upload', same)
      expect(output(uploaded, 'Sync', 2)).toMatchObject([{ json: { status: 'succeeded', created: 1 } }])
      expect(moved.records).toMatchObject([{ sku: 'B2' }])
    } finally {
      await Promise.all([after?.close(), old.close(), moved.close()])
      remove()
    }
  })

  test('where the node has an error output, what failed is told there, too', async () => {
    const failed = { ...sync({ operation: 'run', workflow: named('gone') }), onError: 'continueErrorOutput' }
    const execution = await run('failed-output', failed)
    expect(output(execution, 'Sync', 2)).toMatchObject([{ json: { status: 'failed' } }])
    expect(output(execution, 'Sync', 3)).toMatchObject([
      { json: { error: containing('gone.csv'), message: containing('FILE_NOT_FOUND') } },
    ])
  })

  test('a workflow that is another for each item is not taken from the first alone', async () => {
    const workflow = named('={{ $json.workflow }}')
    const both = items('Both', [{ workflow: 'stock' }, { workflow: 'gone' }])
    for (const node of [sync, reconcile]) {
      const { error } = (await run(`each-${node({}).name}`, both, node({ operation: 'run', workflow }))).data
        .resultData
      expect(error?.message).toContain('The parameter workflow is another for item 1')
      expect(error?.description).toContain('Loop Over Items')
    }
  })

  test('a credential whose URL is no address', async () => {
    const data = { url: 'tieout.example.com', method: 'header', apiKey: key }
    const lame = await credentialsOf(n8n, 'tieoutGatewayApi', data)
    const node = sync({ operation: 'run', workflow: named('stock') })
    const { error } = (await n8n().run(inARow('no-address', lame, START, node))).data.resultData
    expect(error?.message).toBe('The URL of the credential is no address')
    expect(error?.description).toContain('https://')
  })

  test('what a workflow holds is a source: its records at the gateway go to an API without becoming items', async () => {
    const to = await startFaultyApi({ key: ['sku'] })
    try {
      const data = { method: 'header', headerName: 'X-API-Key', headerValue: key }
      const source = await credentialsOf(n8n, 'tieoutSourceApi', data)
      const parameters = {
        operation: 'sync',
        source: 'api',
        sourceReadUrl: `${gateway.url}/v1/workflows/stock/records`,
        sourceAuthentication: 'credential',
        targetUrl: `${to.url}/items/batch`,
        mapping: mapping(['sku']),
      }
      const execution = await n8n().run(inARow('gateway-source', source, START, sync(parameters)))
      expect(output(execution, 'Sync', 2)).toMatchObject([{ json: { status: 'succeeded', created: 2 } }])
      expect(to.records).toMatchObject([
        { sku: 'A1', quantity: 5 },
        { sku: 'B2', quantity: 7 },
      ])
    } finally {
      await to.close()
    }
  })

  test('items are uploaded as the source of a run; groups of what failed', async () => {
    const records = [
      { sku: 'D4', quantity: 4 },
      { sku: 'E5', quantity: -5 },
      { sku: 'F6', quantity: -6 },
    ]
    const execution = await run(
      'upload',
      items('Records', records),
      sync({ operation: 'upload', source: 'items', workflow: named('stock') }),
    )
    expect(execution.data.resultData.error).toBeUndefined()
    expect(output(execution, 'Sync', 2)[0]?.json).toMatchObject({ kind: 'upload', created: 1, rejected: 2 })
    const groups = await run(
      'groups',
      tieout('Exceptions', 'Groups', { resource: 'group', operation: 'getAll', filters: {} }),
    )
    expect(output(groups, 'Groups')[0]?.json).toMatchObject({ workflow: 'stock', count: 3 })
  })
}
