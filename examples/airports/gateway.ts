import { resolve } from 'node:path'
import { Issue } from '../../gateway/access/issue'
import { openGateway, type Gateway } from '../../gateway/gateway'
import { DEFAULT_TENANT } from '../../gateway/tenant'
import type { Cli } from '../../cli/cli'
import { SCOPES } from '../../shared/contract/operations/operation'
import { isObject, isValue, type DataRecord, type Value } from '../../shared/core/record/value'

/** A call as one would make it, and what it answered. */
export interface Told {
  request: string
  status: number
  says: string
}

export interface ServedGateway {
  url: string
  calls: Told[]
  close(): Promise<void>
}

/** An airport that was not in the list, and one whose region is none. */
const UPLOAD = [
  'ident,type,name,latitude_deg,longitude_deg,elevation_ft,continent,iso_country,iso_region,municipality,scheduled_service,iata_code,home_link',
  'ZZ01,medium_airport,First Field,10.5,20.25,1200,AF,TD,TD-BG,Somewhere,no,,',
  'ZZ02,medium_airport,Second Field,11.5,21.25,1300,AF,TD,nowhere,Elsewhere,no,,',
  '',
].join('\n')

/** What `tieout serve` starts, and a few calls to it: a file up, what was refused of it, what happened. */
export async function serve(cli: Cli, port: number): Promise<ServedGateway> {
  const gateway = await openGateway({
    config: resolve(cli.config),
    env: cli.world.env,
    say: (line) => {
      cli.say(line)
    },
  })
  try {
    const url = await gateway.app.listen({ host: '127.0.0.1', port })
    return { url, calls: await callsTo(url, keyOf(gateway)), close: () => gateway.close() }
  } catch (error) {
    await gateway.close()
    throw error
  }
}

async function callsTo(url: string, key: string): Promise<Told[]> {
  const calls: Told[] = []
  const call = async (method: string, path: string, body?: string): Promise<string> => {
    const upload = body === undefined ? {} : { 'content-type': 'text/csv', 'idempotency-key': 'example-1' }
    const headers = { 'x-api-key': key, ...upload }
    const response = await fetch(url + path, { method, headers, ...(body === undefined ? {} : { body }) })
    const text = await response.text()
    calls.push({ request: `${method} ${path}`, status: response.status, says: gistOf(text) })
    return text
  }
  const run = parsed(await call('POST', '/v1/workflows/airports/records', UPLOAD))
  await call('GET', `/v1/runs/${textOf(run['id'])}/records/failed`)
  await call('GET', '/v1/exceptions/groups')
  await call('GET', '/v1/events?type=run.ended')
  return calls
}

function keyOf({ access, ring }: Gateway): string {
  const issue = new Issue(access.clients, ring, Date.now)
  issue.client('example', DEFAULT_TENANT)
  return issue.apiKey({ client: 'example', scopes: SCOPES, workflows: 'all', addresses: [] }).key
}

/** The answer in one line. */
function gistOf(text: string): string {
  const { outcomes, items } = parsed(text)
  if (isObject(outcomes)) {
    const some = Object.entries(outcomes).filter(([, count]) => count !== 0)
    return some.map(([outcome, count]) => `${textOf(count)} ${outcome}`).join(', ')
  }
  if (Array.isArray(items)) return `${String(items.length)} entries`
  return text.trim().split('\n').at(-1) ?? ''
}

function parsed(text: string): DataRecord {
  try {
    const value: unknown = JSON.parse(text)
    return isValue(value) && isObject(value) ? { ...value } : {}
  } catch {
    // a CSV file is no object
    return {}
  }
}

function textOf(value: Value | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}
