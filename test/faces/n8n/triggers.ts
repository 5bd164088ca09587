import { setTimeout as sleep } from 'node:timers/promises'
import { makeHome } from '../../../bench/lib/n8n/home'
import { output, type Item } from '../../../bench/lib/n8n/run-data'
import { member, N8nServer } from '../../../bench/lib/n8n/server'
import { objectIn } from '../../support/answers'
import { startGateway, type TestGateway } from '../../support/gateway'
import { credentialsOf, inARow, OFTEN, tieout, type Credentials, type NodeLike } from './nodes'
import type { N8n } from './server'

const workflowTo = (name: string): string => `
  ${name}:
    key: sku
    schema: { properties: { sku: { type: string }, quantity: { type: integer, minimum: 0 } } }
    source: { connection: files, stream: ${name}.csv }
    target: { connection: out, stream: ${name}.ndjson }
    sync: { guards: { rejects: off } }`

const FILES = {
  'tieout.yaml': `tieout: 1
connections:
  files: { connector: csv }
  out: { connector: ndjson }
workflows:${workflowTo('stock')}${workflowTo('other')}
`,
}

/** Polled by n8n itself: each event starts its workflow once, whatever becomes of n8n in between. */
export function triggersSuite(n8n: N8n): void {
  let gateway: TestGateway
  let key: string
  beforeEach(async () => {
    gateway = await startGateway({ files: FILES })
    key = gateway.key()
  })
  afterEach(() => gateway.close())

  const trigger = (type: 'ExceptionTrigger' | 'RunTrigger', parameters: object): NodeLike =>
    tieout(type, 'Trigger', { workflow: '', startFrom: 'now', pollTimes: OFTEN, ...parameters })
  const OPENED = trigger('ExceptionTrigger', { events: ['exception.opened'] })
  const signedIn = (server: N8n, apiKey = key): Promise<Credentials> =>
    credentialsOf(server, 'tieoutGatewayApi', { url: gateway.url, method: 'header', apiKey })
  const upload = async (workflow: string, rows: readonly string[]): Promise<void> => {
    const headers = { 'content-type': 'text/csv', prefer: 'wait=20' }
    const body = `sku,quantity\n${rows.join('\n')}\n`
    const answer = await gateway.call(key, 'POST', `/v1/workflows/${workflow}/records`, { headers, body })
    expect(answer.ok).toBe(true)
  }

  /** n8n says that a workflow is published before its trigger has begun. */
  const publish = async (
    server: N8nServer,
    name: string,
    node: NodeLike,
    credentials: Credentials,
  ): Promise<string> => {
    const id = await server.publish(inARow(name, credentials, node))
    await eventually(async () => {
      const { staticData } = objectIn(await server.api('GET', `/rest/workflows/${id}`))
      return member(member(staticData, 'node:Trigger'), 'cursor')
    })
    return id
  }

  /** What a workflow was started with so far, once that is enough. */
  const started = (server: N8nServer, id: string, enough: number): Promise<Item[]> =>
    eventually(async () => {
      const filter = encodeURIComponent(JSON.stringify({ workflowId: id, status: ['success'] }))
      const listed = await server.api('GET', `/rest/executions?filter=${filter}&limit=100`)
      const results = member(listed, 'results')
      const items: Item[] = []
      for (const result of Array.isArray(results) ? results.reverse() : [])
        items.push(...output(await server.execution(String(member(result, 'id'))), 'Trigger'))
      return items.length >= enough ? items : undefined
    })
  const keys = (items: readonly Item[]): unknown[] => items.map(({ json }) => member(json['details'], 'key'))
  const ends = (items: readonly Item[]): unknown[] =>
    items.map(({ json }) => [json['workflow'], member(json['facts'], 'status')])

  test('from now on, though nothing has happened yet, each event once and only those asked for', async () => {
    const credentials = await signedIn(n8n)
    const begin = (id: string, node: NodeLike): Promise<string> => publish(n8n(), id, node, credentials)
    const opened = await begin('opened', OPENED)
    const all = await begin('ended', trigger('RunTrigger', { statuses: [] }))
    const good = await begin('good', trigger('RunTrigger', { statuses: ['succeeded'], workflow: 'other' }))
    await upload('stock', ['A1,-1', 'A2,2'])
    await started(n8n(), opened, 1)
    await upload('stock', ['A3,-3'])
    await upload('other', ['A4,4'])
    expect(keys(await started(n8n(), opened, 2))).toEqual(['["A1"]', '["A3"]'])
    expect(ends(await started(n8n(), good, 1))).toEqual([['other', 'succeeded']])
    const three = [
      ['stock', 'exceptions'],
      ['stock', 'exceptions'],
      ['other', 'succeeded'],
    ]
    expect(ends(await started(n8n(), all, 3))).toEqual(three)
    await sleep(3500)
    expect(ends(await started(n8n(), all, 3))).toEqual(three)
    for (const id of [opened, all, good]) await n8n().api('POST', `/rest/workflows/${id}/deactivate`, {})
  }, 60_000)

  test('n8n is killed: what happened before, meanwhile and afterwards is told once', async () => {
    await upload('stock', ['A0,-1'])
    const home = makeHome(n8n().home.tarball)
    let server = await N8nServer.start(home)
    try {
      const credentials = await signedIn(() => server)
      const opened = await publish(server, 'opened', OPENED, credentials)
      // has started nothing when n8n is killed
      const good = await publish(
        server,
        'good',
        trigger('RunTrigger', { statuses: ['succeeded'] }),
        credentials,
      )
      await upload('stock', ['A1,-1'])
      await started(server, opened, 1)
      await server.stop('SIGKILL')

      await upload('stock', ['A2,-2', 'A3,-3'])
      await upload('other', ['A4,4'])
      server = await N8nServer.start(home)
      await started(server, opened, 3)
      await upload('stock', ['A5,-5'])
      expect(keys(await started(server, opened, 4))).toEqual(['["A1"]', '["A2"]', '["A3"]', '["A5"]'])
      expect(ends(await started(server, good, 1))).toEqual([['other', 'succeeded']])
    } finally {
      await server.stop('SIGKILL')
      home.remove()
    }
  }, 120_000)

  test('a credential that may not see most of the feed starts at its end all the same', async () => {
    await upload(
      'stock',
      Array.from({ length: 1100 }, (_, i) => `S${i},-1`),
    )
    await upload('other', ['OLD,-1'])
    const credentials = await signedIn(n8n, gateway.key({ client: 'few', workflows: ['other'] }))
    const id = await publish(n8n(), 'few', OPENED, credentials)
    await upload('other', ['NEW,-1'])
    expect(keys(await started(n8n(), id, 1))).toEqual(['["NEW"]'])
    await n8n().api('POST', `/rest/workflows/${id}/deactivate`, {})
  }, 60_000)

  test('tried out by hand it gives the newest events', async () => {
    await upload(
      'stock',
      ['A1', 'A2', 'A3', 'A4', 'A5'].map((sku) => `${sku},-1`),
    )
    const made = await n8n().api('POST', '/rest/workflows', inARow('by-hand', await signedIn(n8n), OPENED))
    const id = String(member(made, 'id'))
    const body = { workflowData: made, triggerToStartFrom: { name: 'Trigger' } }
    await n8n().api('POST', `/rest/workflows/${id}/run`, body)
    expect(keys(output(await n8n().ended(id), 'Trigger'))).toEqual(['["A3"]', '["A4"]', '["A5"]'])
  })

  test('a gateway whose state was replaced: how the trigger is begun anew', async () => {
    await upload('stock', ['A1,1'])
    const credentials = await signedIn(n8n)
    const id = await publish(n8n(), 'replaced', OPENED, credentials)
    const other = await startGateway({ files: FILES })
    try {
      const { id: credential, name } = credentials['tieoutGatewayApi'] ?? {}
      const data = { url: other.url, method: 'header', apiKey: other.key() }
      const changed = { name, type: 'tieoutGatewayApi', data }
      await n8n().api('PATCH', `/rest/credentials/${String(credential)}`, changed)
      const { error } = (await n8n().ended(id)).data.resultData
      expect(error?.message).toContain('Rename the node')
      await n8n().api('POST', `/rest/workflows/${id}/deactivate`, {})
    } finally {
      await other.close()
    }
  })
}

/** What `look` finds, once it finds something. */
async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 150; tries++) {
    const found = await look()
    if (found !== undefined) return found
    await sleep(200)
  }
  throw new Error('it did not come')
}
