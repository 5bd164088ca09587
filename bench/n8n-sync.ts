import { statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { interleave, median, print } from './lib/comparison'
import { buildPackage, makeHome } from './lib/n8n/home'
import { PeakMemory, residentMiB } from './lib/n8n/memory'
import { mapping, workflow, type Execution, type Workflow } from './lib/n8n/run-data'
import { N8nServer } from './lib/n8n/server'
import { startServer } from './lib/server'

const BENCH = 'n8n-sync'
const LARGE = 1_000_000

interface Measured {
  /** Seconds from the start of the workflow to its end. */
  wall: number
  /** MiB above the idle server. */
  peak: number
  /** MiB that the execution added to the database. */
  database: number
}

/**
 * A nightly sync from an API to an API in a real n8n: Tieout Bulk Sync against the stock workflow (HTTP Request with
 * pagination, Split Out, Loop Over Items, Aggregate, HTTP Request). Then ours alone with a million records and 1 GB of heap.
 */
export async function n8nSync(rows = 50_000, rounds = 3): Promise<void> {
  const tarball = buildPackage()
  const results = await interleave(rounds, {
    ours: () => nightly(tarball, ours, rows),
    theirs: () => nightly(tarball, stock, rows),
  })
  const of = (name: string, what: keyof Measured): number =>
    median((results[name] ?? []).map((one) => one[what]))
  const compare = (metric: 'wall' | 'peak'): void => {
    print({
      bench: BENCH,
      peer: 'stock nodes',
      rows,
      metric,
      ours: of('ours', metric),
      theirs: of('theirs', metric),
    })
  }
  compare('wall')
  compare('peak')
  const large = await nightly(tarball, ours, LARGE, { NODE_OPTIONS: '--max-old-space-size=1024' })
  print({
    bench: BENCH,
    peer: '250 MiB above idle',
    rows: LARGE,
    metric: 'peak',
    ours: large.peak,
    theirs: 250,
  })
  print({
    bench: BENCH,
    peer: '1 MiB of database',
    rows: LARGE,
    metric: 'peak',
    ours: large.database,
    theirs: 1,
  })
  console.error(JSON.stringify(large))
}

async function nightly(
  tarball: string,
  make: (url: string, rows: number) => Workflow,
  rows: number,
  env: NodeJS.ProcessEnv = {},
): Promise<Measured> {
  const home = makeHome(tarball)
  const api = await startServer('peers/api-server.js', [String(rows), '0'])
  const server = await N8nServer.start(home, env)
  try {
    const nightly = make(api.url, rows)
    const id = await server.publish(nightly)
    await sleep(3000)
    const idle = residentMiB(server.pid)
    const before = databaseSize(home.path)
    const memory = new PeakMemory(server.pid)
    const started = performance.now()
    await server.fire(nightly)
    const execution = await server.ended(id, 900_000)
    const wall = (performance.now() - started) / 1000
    const peak = memory.stop() - idle
    await assertAll(api.url, rows, execution)
    return { wall, peak, database: databaseSize(home.path) - before }
  } finally {
    await server.stop()
    api.stop()
    home.remove()
  }
}

async function assertAll(url: string, rows: number, { status }: Execution): Promise<void> {
  const answer: unknown = await (await fetch(`${url}/received`)).json()
  if (status !== 'success' || JSON.stringify(answer) !== JSON.stringify({ received: rows }))
    throw new Error(`the execution ended: ${status}; ${JSON.stringify(answer)} of ${String(rows)}`)
}

function databaseSize(home: string): number {
  const sizes = ['', '-wal'].map((suffix) => {
    const stat = statSync(join(home, '.n8n', `database.sqlite${suffix}`), { throwIfNoEntry: false })
    return stat?.size ?? 0
  })
  return sizes.reduce((sum, size) => sum + size, 0) / 2 ** 20
}

function ours(url: string): Workflow {
  return workflow(
    'nightly',
    [
      { name: 'Start', type: 'n8n-nodes-base.manualTrigger' },
      {
        name: 'Sync',
        type: 'n8n-nodes-tieout.tieoutBulkSync',
        parameters: {
          operation: 'sync',
          source: 'api',
          sourceReadUrl: `${url}/items`,
          sourceRecords: 'items',
          sourcePaging: 'page',
          sourcePagingOptions: { parameter: 'page', sizeParameter: 'limit', size: 1000 },
          sourceReadOptions: { total: '/total' },
          targetUrl: `${url}/bulk`,
          targetBatchSize: 1000,
          targetResults: 'all',
          mapping: mapping(['sku']),
        },
      },
    ],
    ['Start > Sync'],
  )
}

function stock(url: string, rows: number): Workflow {
  const http = { type: 'n8n-nodes-base.httpRequest', typeVersion: 4.2 }
  return workflow(
    'nightly',
    [
      { name: 'Start', type: 'n8n-nodes-base.manualTrigger' },
      {
        ...http,
        name: 'Fetch',
        parameters: {
          url: `${url}/items`,
          sendQuery: true,
          queryParameters: { parameters: [{ name: 'limit', value: '1000' }] },
          options: {
            pagination: {
              pagination: {
                paginationMode: 'updateAParameterInEachRequest',
                parameters: { parameters: [{ type: 'qs', name: 'page', value: '={{ $pageCount + 1 }}' }] },
                paginationCompleteWhen: 'other',
                completeExpression: '={{ $response.body.page >= $response.body.pages }}',
                limitPagesFetched: true,
                maxRequests: Math.ceil(rows / 1000) + 10,
                requestInterval: 0,
              },
            },
          },
        },
      },
      {
        name: 'Split',
        type: 'n8n-nodes-base.splitOut',
        parameters: { fieldToSplitOut: 'items', options: {} },
      },
      {
        name: 'Loop',
        type: 'n8n-nodes-base.splitInBatches',
        typeVersion: 3,
        parameters: { batchSize: 1000, options: {} },
      },
      {
        name: 'Aggregate',
        type: 'n8n-nodes-base.aggregate',
        parameters: { aggregate: 'aggregateAllItemData', options: {} },
      },
      {
        ...http,
        name: 'Post',
        parameters: {
          method: 'POST',
          url: `${url}/bulk`,
          sendBody: true,
          specifyBody: 'json',
          jsonBody: '={{ JSON.stringify($json.data) }}',
          options: {},
        },
      },
    ],
    [
      'Start > Fetch',
      'Fetch > Split',
      'Split > Loop',
      'Loop:1 > Aggregate',
      'Aggregate > Post',
      'Post > Loop',
    ],
  )
}
