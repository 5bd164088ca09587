import { mkdirSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { setTimeout as elapsed } from 'node:timers/promises'
import { Issue } from '../gateway/access/issue'
import { ClientStore } from '../gateway/access/client-store'
import { Keyring } from '../gateway/keyring'
import { openGatewayStore } from '../gateway/store/open'
import { DEFAULT_TENANT } from '../gateway/tenant'
import { print } from './lib/comparison'
import { GatewayProcess } from './lib/gateway-process'
import { inventoryFiles } from './lib/inventory'
import { inventoryToFile } from './lib/inventory-workflow'

const KEYS = 200
const POLL_MS = 1000
/** What one call may take in 99 of 100 cases, in seconds. */
const MOST = 0.1

/** 200 keys that poll the feed, each every second, while files are sent and run one after the other. */
export async function gatewayLoad(rows = 50_000, rounds = 3): Promise<void> {
  const file = inventoryFiles(rows).before
  const folder = inventoryToFile(file)
  const keys = keysIn(folder)
  const gateway = await GatewayProcess.start(folder)
  const agent = new Agent({ keepAlive: true })
  try {
    const stop = new AbortController()
    const took: number[] = []
    const polling = keys.map((key, i) => poll({ url: gateway.url, key, agent, took, signal: stop.signal }, i))
    await elapsed(2 * POLL_MS)
    const before = took.length
    for (let round = 1; round <= rounds; round++) await gateway.upload('inventory', file)
    stop.abort()
    await Promise.all(polling)
    const during = took.slice(before).sort((one, two) => one - two)
    const at = (share: number): number => (during[Math.floor(during.length * share)] ?? NaN) / 1000
    console.error(
      `${String(during.length)} calls: median ${String(at(0.5))} s, longest ${String(at(0.9999))} s`,
    )
    const peer = `the aim; p99 of a poll, ${String(KEYS)} keys, while a file is sent`
    print({ bench: 'gateway-load', peer, rows, metric: 'wall', ours: at(0.99), theirs: MOST })
  } finally {
    agent.destroy()
    await gateway.stop()
    rmSync(folder, { recursive: true })
  }
}

/** Straight into the state: a command for each would take longer than the bench. */
function keysIn(folder: string): string[] {
  const state = join(folder, '.tieout')
  mkdirSync(state, { recursive: true })
  const sql = openGatewayStore(join(state, 'gateway.sqlite'))
  const issue = new Issue(new ClientStore(sql), new Keyring(join(state, 'gateway.key')), Date.now)
  const keys = Array.from({ length: KEYS }, (_, i) => {
    const client = `poller-${String(i)}`
    issue.client(client, DEFAULT_TENANT)
    return issue.apiKey({ client, scopes: ['events:read'], workflows: 'all', addresses: [] }).key
  })
  sql.close()
  return keys
}

interface Poller {
  url: string
  key: string
  agent: Agent
  /** Milliseconds of each call. */
  took: number[]
  signal: AbortSignal
}

async function poll({ url, key, agent, took, signal }: Poller, number: number): Promise<void> {
  await elapsed((number * POLL_MS) / KEYS)
  let after = ''
  while (!signal.aborted) {
    const begin = performance.now()
    after = await new Promise<string>((resolve, reject) => {
      const sent = request(`${url}/v1/events?limit=20&after=${after}`, {
        agent,
        headers: { 'x-api-key': key },
      })
      sent.on('error', reject).on('response', (response) => {
        let text = ''
        response.on('data', (chunk: Buffer) => (text += chunk.toString()))
        response.on('end', () => {
          if (response.statusCode !== 200) reject(new Error(text))
          else resolve(/"next":"([^"]+)"/.exec(text)?.[1] ?? after)
        })
      })
      sent.end()
    })
    took.push(performance.now() - begin)
    await elapsed(POLL_MS)
  }
}
