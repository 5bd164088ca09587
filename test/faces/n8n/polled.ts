import { setTimeout as sleep } from 'node:timers/promises'
import { output, type Item } from '../../../bench/lib/n8n/run-data'
import { member, type N8nServer } from '../../../bench/lib/n8n/server'
import { objectIn } from '../../support/answers'
import { startGateway, type TestGateway } from '../../support/gateway'
import { credentialsOf, inARow, OFTEN, tieout, type Credentials, type NodeLike } from './nodes'

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

/** A gateway whose feed tells of uploads. */
export interface PolledGateway extends TestGateway {
  /** Rows with a quantity below 0 become exceptions. */
  upload: (workflow: 'stock' | 'other', rows: readonly string[]) => Promise<void>
  signIn: (server: N8nServer, key?: string) => Promise<Credentials>
}

export async function startPolledGateway(): Promise<PolledGateway> {
  const gateway = await startGateway({ files: FILES })
  const whole = gateway.key()
  return {
    ...gateway,
    upload: async (workflow, rows) => {
      const headers = { 'content-type': 'text/csv', prefer: 'wait=20' }
      const body = `sku,quantity\n${rows.join('\n')}\n`
      const path = `/v1/workflows/${workflow}/records`
      expect((await gateway.call(whole, 'POST', path, { headers, body })).ok).toBe(true)
    },
    signIn: (server, key = whole) =>
      credentialsOf(() => server, 'tieoutGatewayApi', { url: gateway.url, method: 'header', apiKey: key }),
  }
}

export function trigger(type: 'ExceptionTrigger' | 'RunTrigger', parameters: object): NodeLike {
  return tieout(type, 'Trigger', { workflow: '', startFrom: 'now', pollTimes: OFTEN, ...parameters })
}

export const OPENED = trigger('ExceptionTrigger', { events: ['exception.opened'] })

/** Published, and begun: n8n says that a workflow is published before its trigger has begun. */
export async function begin(
  server: N8nServer,
  name: string,
  node: NodeLike,
  credentials: Credentials,
): Promise<string> {
  const id = await server.publish(inARow(name, credentials, node))
  await eventually(async () => {
    const { staticData } = objectIn(await server.api('GET', `/rest/workflows/${id}`))
    return Object.values(objectIn(member(staticData, 'global') ?? {}))[0]
  })
  return id
}

/** What a workflow was started with so far, once that is enough. */
export function started(server: N8nServer, id: string, enough: number, node = 'Trigger'): Promise<Item[]> {
  return eventually(async () => {
    const filter = encodeURIComponent(JSON.stringify({ workflowId: id, status: ['success'] }))
    const listed = await server.api('GET', `/rest/executions?filter=${filter}&limit=100`)
    const results = member(listed, 'results')
    const items: Item[] = []
    for (const result of Array.isArray(results) ? results.reverse() : [])
      items.push(...output(await server.execution(String(member(result, 'id'))), node))
    return items.length >= enough ? items : undefined
  })
}

export function keysOf(items: readonly Item[]): unknown[] {
  return items.map(({ json }) => member(json['details'], 'key'))
}

/** Of runs that ended. */
export function endsOf(items: readonly Item[]): unknown[] {
  return items.map(({ json }) => [json['workflow'], member(json['facts'], 'status')])
}

async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 150; tries++) {
    const found = await look()
    if (found !== undefined) return found
    await sleep(200)
  }
  throw new Error('it did not come')
}
