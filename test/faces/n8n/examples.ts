import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { output, type Execution, type Workflow } from '../../../bench/lib/n8n/run-data'
import { member } from '../../../bench/lib/n8n/server'
import { startFaultyApi } from '../../support/faulty-api'
import { startGateway, type TestGateway } from '../../support/gateway'
import type { N8n } from './server'

const FOLDER = join(__dirname, '../../../n8n/examples')
const STOCK = Array.from({ length: 30 }, (_, i) => ({
  sku: `K${i}`,
  location: i % 2 ? 'Lyon' : 'Rotterdam',
  quantity: i,
}))

const GATEWAY = {
  'tieout.yaml': `tieout: 1
connections:
  files: { connector: csv }
  out: { connector: ndjson }
workflows:
  patients:
    key: id
    schema: { properties: { id: { type: string }, quantity: { type: integer, minimum: 0 } } }
    source: { connection: files, stream: patients.csv }
    target: { connection: out, stream: patients.ndjson }
    sync: { guards: { rejects: off } }
`,
  'patients.csv': 'id,quantity\nP7,-1\n',
}

/** Every example as it is imported, with the addresses of servers that run here. */
export function examplesSuite(n8n: N8n): void {
  const run = async (
    name: string,
    hosts: Record<string, string>,
    change: (w: Workflow) => void = () => undefined,
  ): Promise<Execution> => {
    let text = readFileSync(join(FOLDER, `${name}.json`), 'utf8')
    for (const [host, url] of Object.entries(hosts))
      text = text.replaceAll(`https://${host}.example.com`, url)
    const example = asWorkflow(JSON.parse(text))
    // the time of day and the gateway's events start other runs than the one looked at
    example.nodes = example.nodes.filter(
      ({ type }) => !type.endsWith('Trigger') || type.endsWith('manualTrigger'),
    )
    const names = new Set(example.nodes.map(({ name }) => name))
    example.connections = Object.fromEntries(
      Object.entries(example.connections).filter(([from]) => names.has(from)),
    )
    change(example)
    return n8n().run(example)
  }

  test('nightly inventory sync', async () => {
    const erp = await startFaultyApi({ key: ['sku'], records: STOCK })
    const shop = await startFaultyApi({ key: ['sku'], records: STOCK.slice(0, 20) })
    try {
      const execution = await run('nightly-inventory-sync', { erp: erp.url, shop: shop.url })
      expect(output(execution, 'Sync Inventory', 2)[0]?.json).toMatchObject({
        status: 'succeeded',
        created: 10,
        unchanged: 20,
      })
      expect(output(execution, 'Did It Succeed?')).toHaveLength(1)
      expect(shop.records).toHaveLength(30)
    } finally {
      await erp.close()
      await shop.close()
    }
  })

  test('compare two sheets and fix', async () => {
    const execution = await run('compare-two-sheets-and-fix', {})
    expect(output(execution, 'What Differs')).toHaveLength(3)
    const skus = (name: string): unknown[] =>
      output(execution, name).map(({ json }) => member(json['key'], 'sku'))
    expect([skus('Add Row'), skus('Update Row'), skus('Delete Row')]).toEqual([['A3'], ['A2'], ['A9']])
  })

  test('month-end reconciliation', async () => {
    const erp = await startFaultyApi({ records: STOCK })
    const warehouse = await startFaultyApi({
      records: STOCK.map((one) => (one.sku === 'K3' ? { ...one, quantity: 4 } : one)),
    })
    try {
      const execution = await run('month-end-reconciliation', { erp: erp.url, warehouse: warehouse.url })
      expect(output(execution, 'Reconcile').map(({ json }) => json['key'])).toEqual([{ sku: 'K3' }])
      expect(output(execution, 'Reconcile', 2).map(({ json }) => json['location'])).toEqual([
        'Lyon',
        'Rotterdam',
      ])
      expect(Object.keys(output(execution, 'Reconcile', 3)[0]?.binary ?? {})).toEqual(['report', 'workbook'])
    } finally {
      await erp.close()
      await warehouse.close()
    }
  })

  const withGateway = async (
    test: (gateway: TestGateway, signIn: (example: Workflow) => void) => Promise<void>,
  ): Promise<void> => {
    const gateway = await startGateway({ files: GATEWAY })
    try {
      const data = { url: gateway.url, method: 'header', apiKey: gateway.key() }
      const made = await n8n().api('POST', '/rest/credentials', {
        name: 'Hospital',
        type: 'tieoutGatewayApi',
        data,
      })
      await test(gateway, (example) => {
        for (const node of example.nodes)
          if ('credentials' in node)
            node['credentials'] = { tieoutGatewayApi: { id: member(made, 'id'), name: 'Hospital' } }
      })
    } finally {
      await gateway.close()
    }
  }

  test('patients to a gateway', async () => {
    const records = Array.from({ length: 150 }, (_, i) => ({ id: `P${i}`, quantity: i === 7 ? -1 : i }))
    const fhir = await startFaultyApi({ records, key: ['id'], paging: 'next' })
    try {
      await withGateway(async (_, signIn) => {
        const upload = await run('patients-to-gateway', { fhir: fhir.url }, signIn)
        expect(output(upload, 'Receipt')[0]?.json).toMatchObject({ created: 149, rejected: 1 })
        expect(output(upload, 'Exceptions')).toHaveLength(1)
      })
    } finally {
      await fhir.close()
    }
  })

  test('exceptions to a person and back', async () => {
    await withGateway(async (gateway, signIn) => {
      const headers = { Prefer: 'wait=20' }
      await gateway.call(gateway.key(), 'POST', '/v1/workflows/patients/runs', { headers, body: {} })
      const back = await run('exceptions-to-a-person-and-back', {}, (example) => {
        signIn(example)
        // in the place of the person
        const answer = { mode: 'raw', jsonOutput: '{ "quantity": 7 }', options: {} }
        for (const node of example.nodes)
          if (node.name === 'Ask a Person')
            Object.assign(node, { type: 'n8n-nodes-base.set', typeVersion: 3.4, parameters: answer })
      })
      expect(output(back, 'Send Again')[0]?.json).toMatchObject({
        state: 'succeeded',
        outcomes: { created: 1 },
      })
    })
  })
}

function asWorkflow(value: unknown): Workflow {
  if (!isWorkflow(value)) throw new Error('the example is no workflow')
  return value
}

function isWorkflow(value: unknown): value is Workflow {
  return Array.isArray(member(value, 'nodes')) && typeof member(value, 'connections') === 'object'
}
