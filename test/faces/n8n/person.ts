import { setTimeout as sleep } from 'node:timers/promises'
import type { Workflow } from '../../../bench/lib/n8n/run-data'
import { member } from '../../../bench/lib/n8n/server'
import { startGateway, type TestGateway } from '../../support/gateway'
import { startMailbox, type Mailbox } from '../../support/mailbox'
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

const CONFLICT = 409

/** The example that asks a person by mail, with n8n's own operation that waits for the answer. */
export function personSuite(n8n: N8n): void {
  let gateway: TestGateway
  let imported: Workflow
  let mailbox: Mailbox
  beforeEach(async () => {
    mailbox = await startMailbox()
    gateway = await startGateway({ files: STOCK })
    const data = { url: gateway.url, method: 'header', apiKey: gateway.key() }
    const smtp = { host: '127.0.0.1', port: mailbox.port, secure: false, disableStartTls: true }
    const credentials = {
      ...(await credentialsOf(n8n, 'tieoutGatewayApi', data)),
      ...(await credentialsOf(n8n, 'smtp', { user: '', password: '', hostName: '', ...smtp })),
    }
    imported = example('exceptions-to-a-person-and-back', { credentials })
  })
  afterEach(() => Promise.all([gateway.close(), mailbox.close()]))

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

  /** The form that the mail of this number asks to fill in. */
  const form = async (number: number): Promise<{ url: string; page: string }> => {
    for (let tries = 0; tries < 150 && mailbox.mails.length < number; tries++) await sleep(200)
    const [, url = ''] = /href="(http[^"]+)"/.exec(mailbox.mails[number - 1] ?? '') ?? []
    if (url === '') throw new Error('nobody is asked')
    const address = url.replaceAll('&amp;', '&')
    return { url: address, page: await (await fetch(address)).text() }
  }
  const answer = async (url: string, quantity: number): Promise<void> => {
    const body = new FormData()
    body.set('field-0', String(quantity))
    const send = async (): Promise<number> => (await fetch(url, { method: 'POST', body })).status
    let status = await send()
    // the mail goes out before n8n has put the execution to rest, and until then it takes no answer
    for (let tries = 0; tries < 50 && status === CONFLICT; tries++) {
      await sleep(200)
      status = await send()
    }
    expect(status).toBe(200)
  }

  test('each open exception is asked for, fixed and sent again', async () => {
    await sync()
    const example = byHand(imported)
    const id = await n8n().publish(example)
    await n8n().fire(example)
    const first = await form(1)
    expect(first.page).toContain('stock.csv line 4: quantity: expected at least 0')
    await answer(first.url, 30)
    await answer((await form(2)).url, 10)
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
    await answer((await form(1)).url, 1)
    await answer((await form(2)).url, 3)
    expect((await n8n().ended(id)).data.resultData.error).toBeUndefined()
    expect(await states()).toEqual(['["A3"]', '["A1"]'])
    await n8n().api('POST', `/rest/workflows/${id}/deactivate`, {})
  }, 60_000)
}
