import { rmSync } from 'node:fs'
import { interleave, median, print } from './lib/comparison'
import type { Cost } from './lib/process'
import { runScript } from './lib/process'
import { startServer } from './lib/server'
import { runWorkflow, workflowFolder } from './lib/workflow'

const BENCH = 'sync-http-http'
const CONCURRENCY = 8
const PAGE = 1000

/**
 * An API to an API, each answer after 20 ms: pages of 1,000 in, batches of 1,000 out. Against undici by hand, one request
 * at a time (records per second) and at our concurrency (CPU of the transfer); and against the same by hand with
 * what it takes to lose nothing and send nothing twice.
 */
export async function syncHttpHttp(rows = 50_000, rounds = 5): Promise<void> {
  const server = await startServer('peers/api-server.js', [String(rows), '20'])
  const pages = String(Math.ceil(rows / PAGE))
  try {
    const results = await interleave(rounds, {
      one: () => runScript('peers/undici-client.js', [server.url, '1', pages]),
      equal: () => runScript('peers/undici-client.js', [server.url, String(CONCURRENCY), pages]),
      keeping: () => runScript('peers/undici-keeping-client.js', [server.url, String(CONCURRENCY), pages]),
      axios: () => sync(server.url, 'axios'),
      undici: () => sync(server.url, 'undici'),
    })
    const of = (name: string, measure: (cost: Cost) => number): number =>
      median((results[name] ?? []).map(measure))
    for (const client of ['axios', 'undici']) {
      const wall = of(client, transferWall)
      const one = of('one', ({ wall: seconds }) => seconds)
      const cpu = of(client, transferCpu)
      const peers = { equal: 'undici by hand', keeping: 'undici by hand that keeps a journal' }
      print({
        bench: BENCH,
        peer: `undici by hand, one at a time (${client})`,
        rows,
        metric: 'wall',
        ours: wall,
        theirs: one,
      })
      for (const [name, peer] of Object.entries(peers))
        print({
          bench: BENCH,
          peer: `${peer}, ${String(CONCURRENCY)} at once (${client})`,
          rows,
          metric: 'cpu',
          ours: cpu,
          theirs: of(name, ({ cpu: seconds }) => seconds),
        })
    }
  } finally {
    server.stop()
  }
}

async function sync(url: string, client: string): Promise<Cost> {
  const folder = workflowFolder({
    tieout: 1,
    connections: {
      api: {
        connector: 'http',
        baseUrl: url,
        client,
        concurrency: CONCURRENCY,
        streams: {
          inventory: {
            read: {
              path: '/inventory',
              records: '/items',
              total: '/total',
              paging: { type: 'page' },
            },
          },
          stock: {
            write: {
              path: '/stock',
              batch: true,
              results: 'all',
              idempotency: { header: 'Idempotency-Key' },
            },
          },
        },
      },
    },
    workflows: {
      stock: {
        key: ['sku', 'warehouse'],
        source: { connection: 'api', stream: 'inventory' },
        target: { connection: 'api', stream: 'stock' },
        map: {
          warehouse: 'location',
          qty: 'quantity',
          cost: 'unit_cost',
          ccy: 'currency',
          at: 'updated_at',
          sku: 'sku',
          status: 'status',
          '*': 'drop',
        },
        sync: { batch: PAGE, concurrency: CONCURRENCY },
      },
    },
  })
  const cost = await runWorkflow(folder, 'stock')
  rmSync(folder, { recursive: true })
  return cost
}

function transferWall(cost: Cost): number {
  return Number(cost.facts['transferWall'])
}

function transferCpu(cost: Cost): number {
  return Number(cost.facts['transferCpu'])
}
