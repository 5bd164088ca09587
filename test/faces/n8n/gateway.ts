import { member } from '../../../bench/lib/n8n/server'
import { output, workflow, type Execution, type Workflow } from '../../../bench/lib/n8n/run-data'
import { startGateway, type TestGateway } from '../../support/gateway'
import { items, START, type NodeLike } from './nodes'
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
`,
  'stock.csv': 'sku,quantity\nA1,5\nB2,7\nC3,-1\n',
}

export function gatewaySuite(n8n: N8n): void {
  let gateway: TestGateway
  let key: string
  let credentials: Record<string, { id: string; name: string }>
  beforeAll(async () => {
    gateway = await startGateway({ files: FILES })
    key = gateway.key()
    const data = { url: gateway.url, method: 'header', apiKey: key }
    const made = await n8n().api('POST', '/rest/credentials', {
      name: 'Gateway',
      type: 'tieoutGatewayApi',
      data,
    })
    credentials = { tieoutGatewayApi: { id: String(member(made, 'id')), name: 'Gateway' } }
  })
  afterAll(() => gateway.close())

  const run = (id: string, ...nodes: NodeLike[]): Promise<Execution> => n8n().run(inARow(id, START, ...nodes))
  const inARow = (id: string, ...nodes: NodeLike[]): Workflow =>
    workflow(
      id,
      nodes.map((node) => ({
        ...(node.type.startsWith('n8n-nodes-tieout') ? { credentials } : {}),
        ...node,
      })),
      nodes.slice(1).map((node, at) => `${nodes[at]?.name ?? ''} > ${node.name}`),
    )
  const sync = (parameters: Record<string, unknown>): NodeLike => ({
    name: 'Sync',
    type: 'n8n-nodes-tieout.tieoutBulkSync',
    parameters,
  })
  const exceptions = (name: string, parameters: Record<string, unknown>): NodeLike => ({
    name,
    type: 'n8n-nodes-tieout.tieoutExceptions',
    parameters,
  })

  describe('the button Test of the credential', () => {
    const tested = async (data: object): Promise<unknown> => {
      const name = `Gateway ${JSON.stringify(data).length}`
      const credential = { name, type: 'tieoutGatewayApi', data: { url: gateway.url, token: '', ...data } }
      const made = await n8n().api('POST', '/rest/credentials', credential)
      const answer = await n8n().api('POST', '/rest/credentials/test', {
        credentials: { id: member(made, 'id'), ...credential },
      })
      return member(answer, 'status') === 'OK' ? 'OK' : member(answer, 'message')
    }

    test('API key', async () => {
      expect(await tested({ method: 'header', apiKey: key })).toBe('OK')
      expect(await tested({ method: 'header', apiKey: `${key}x` })).not.toBe('OK')
    })

    test('Basic and OAuth 2.0 client credentials', async () => {
      const { secret } = await gateway.issue.secret({
        client: 'acme',
        scopes: ['runs:read'],
        workflows: 'all',
        addresses: [],
      })
      expect(await tested({ method: 'basic', username: 'acme', password: secret })).toBe('OK')
      expect(await tested({ method: 'clientCredentials', username: 'acme', password: secret })).toBe('OK')
      expect(await tested({ method: 'clientCredentials', username: 'acme', password: 'wrong' })).not.toBe(
        'OK',
      )
    })
  })

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

  test('an exception is found, fixed and sent again', async () => {
    const execution = await run(
      'fix',
      exceptions('List', { resource: 'exception', operation: 'getAll', filters: { workflow: 'stock' } }),
      exceptions('Fix', {
        resource: 'exception',
        operation: 'fix',
        exception: '={{ $json.id }}',
        fix: '{ "quantity": 1 }',
      }),
      exceptions('Retry', {
        resource: 'exception',
        operation: 'retry',
        workflow: 'stock',
        exceptions: '={{ String($json.id) }}',
      }),
      exceptions('Get', {
        resource: 'exception',
        operation: 'get',
        exception: '={{ $("List").item.json.id }}',
      }),
    )
    expect(execution.status).toBe('success')
    expect(output(execution, 'List')[0]?.json).toMatchObject({ record: { sku: 'C3' }, state: 'open' })
    expect(output(execution, 'Retry')[0]?.json).toMatchObject({
      state: 'succeeded',
      outcomes: { created: 1 },
    })
    expect(output(execution, 'Get')[0]?.json).toMatchObject({ state: 'resolved' })
  })

  test('a workflow of the gateway is reconciled, with its report', async () => {
    const execution = await run('gateway-reconcile', {
      name: 'Reconcile',
      type: 'n8n-nodes-tieout.tieoutReconcile',
      parameters: { operation: 'run', workflow: named('stock'), gatewayOptions: { reports: ['html'] } },
    })
    expect(output(execution, 'Reconcile').map(({ json }) => json['kind'])).toEqual(['differs'])
    expect(output(execution, 'Reconcile', 3)[0]).toMatchObject({
      json: { status: 'breaks', workflow: 'stock' },
      binary: { html: { fileName: 'reconciliation.html' } },
    })
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
      exceptions('Groups', { resource: 'group', operation: 'getAll', filters: {} }),
    )
    expect(output(groups, 'Groups')[0]?.json).toMatchObject({ workflow: 'stock', count: 2 })
  })

  test('the trigger starts for what happened, and for nothing twice', async () => {
    const trigger = inARow('trigger', {
      name: 'Trigger',
      type: 'n8n-nodes-tieout.tieoutExceptionTrigger',
      parameters: {
        events: ['exception.opened'],
        workflow: '',
        startFrom: 'beginning',
        pollTimes: { item: [{ mode: 'everyMinute' }] },
      },
    })
    const keysOf = (execution: Execution): unknown[] =>
      output(execution, 'Trigger').map(({ json }) => member(json['details'], 'key'))
    // n8n polls at once when a workflow is published
    const id = await n8n().publish(trigger)
    expect(keysOf(await n8n().ended(id))).toEqual(['["C3"]', '["E5"]', '["F6"]'])
    await run(
      'upload-again',
      items('Records', [{ sku: 'G7', quantity: -7 }]),
      sync({ operation: 'upload', source: 'items', workflow: named('stock') }),
    )
    await n8n().republish(id)
    expect(keysOf(await n8n().ended(id))).toEqual(['["G7"]'])
  })
}

function named(value: string): object {
  return { __rl: true, mode: 'id', value }
}
