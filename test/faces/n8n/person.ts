import { setTimeout as sleep } from 'node:timers/promises'
import type { Workflow } from '../../../bench/lib/n8n/run-data'
import { member } from '../../../bench/lib/n8n/server'
import { startGateway, type TestGateway } from '../../support/gateway'
import { byHand, example } from './example'
import { credentialsOf, OFTEN } from './nodes'
import type { N8n } from './server'

/** A gateway with stock of which two records are wrong. */
export const STOCK = {
  'tieout.yaml': `tieout: 1
connections:
  files: { connector: csv }
  out: { connector: ndjson }
workflows:
  stock:
    key: sku
    schema: { properties: { sku: { type: string }, quantity: { type: integer, minimum: 0 } } }
    source: { connection: files, stream: stock.csv }
    target: { connection: out, stream: stock.ndjson }
    sync: { guards: { rejects: off } }
`,
  'stock.csv': 'sku,quantity\nA1,-1\nA2,2\nA3,-3\n',
}

/** The example that asks a person, who answers n8n's own forms. */
export function personSuite(n8n: N8n): void {
  let gateway: TestGateway
  let imported: Workflow
  beforeEach(async () => {
    gateway = await startGateway({ files: STOCK })
    const data = { url: gateway.url, method: 'header', apiKey: gateway.key() }
    const credentials = await credentialsOf(n8n, 'tieoutGatewayApi', data)
    imported = example('exceptions-to-a-person-and-back', { credentials })
  })
  afterEach(() => gateway.close())

  const sync = async (): Promise<void> => {
    const options = { headers: { prefer: 'wait=20' }, body: {} }
    const answer = await gateway.call(gateway.key(), 'POST', '/v1/workflows/stock/runs', options)
    expect(answer.ok).toBe(true)
  }
  const states = async (): Promise<unknown[]> => {
    const answer = await gateway.call(gateway.key(), 'GET', '/v1/exceptions?state=resolved')
    const items = member(await answer.json(), 'items')
    return Array.isArray(items) ? items.map((item) => member(item, 'key')) : []
  }

  /** The form that the execution waits with, once it is another than before. */
  const form = async (id: string, before = ''): Promise<{ url: string; page: string }> => {
    const filter = encodeURIComponent(JSON.stringify({ workflowId: id, status: ['waiting'] }))
    for (let tries = 0; tries < 150; tries++) {
      await sleep(200)
      const listed = await n8n().api('GET', `/rest/executions?filter=${filter}&limit=1`)
      const results = member(listed, 'results')
      const waiting: unknown = Array.isArray(results) ? results[0] : undefined
      if (waiting === undefined) continue
      const execution = JSON.stringify(await n8n().execution(String(member(waiting, 'id'))))
      const url = /http[^"]+\/form-waiting\/[^"]+/.exec(execution)?.[0]
      if (url === undefined) continue
      const page = await (await fetch(url)).text()
      if (page !== before) return { url, page }
    }
    throw new Error('nobody is asked')
  }
  const answer = async (url: string, quantity: number): Promise<void> => {
    const body = new FormData()
    body.set('field-0', String(quantity))
    const { status } = await fetch(url, { method: 'POST', body })
    expect(status).toBe(200)
  }

  test('each open exception is asked for, fixed and sent again', async () => {
    await sync()
    const example = byHand(imported)
    const id = await n8n().publish(example)
    await n8n().fire(example)
    const first = await form(id)
    expect(first.page).toContain('stock.csv line 4: quantity: expected at least 0')
    await answer(first.url, 30)
    const second = await form(id, first.page)
    await answer(second.url, 10)
    expect((await n8n().ended(id)).data.resultData.error).toBeUndefined()
    expect(await states()).toEqual(['["A3"]', '["A1"]'])
  }, 60_000)

  test('a new exception starts it', async () => {
    const started = imported.nodes.map((node) =>
      node.name === 'New Exceptions'
        ? { ...node, parameters: { ...node.parameters, pollTimes: OFTEN, startFrom: 'beginning' } }
        : node,
    )
    await sync()
    const id = await n8n().publish({ ...imported, id: 'startedbyevent', nodes: started })
    const first = await form(id)
    await answer(first.url, 1)
    const second = await form(id, first.page)
    await answer(second.url, 3)
    expect((await n8n().ended(id)).data.resultData.error).toBeUndefined()
    expect(await states()).toEqual(['["A3"]', '["A1"]'])
    await n8n().api('POST', `/rest/workflows/${id}/deactivate`, {})
  }, 60_000)
}
