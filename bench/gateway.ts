import { createReadStream, createWriteStream, existsSync, rmSync, symlinkSync } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { interleave, median, print } from './lib/comparison'
import { withPostgres } from './lib/database'
import { GatewayProcess } from './lib/gateway-process'
import { inventoryFiles } from './lib/inventory'
import { inventoryToTable } from './lib/inventory-workflow'
import { prepareTable } from './lib/postgres'
import { runWorkflow } from './lib/workflow'

const BENCH = 'gateway'
const MANY = 1_000_000
/** What one process may take, in MiB. */
const MOST = 300

/**
 * A file of 50,000 records sent to the gateway, against the command line with the same file; memory of the gateway while
 * a million records come and go.
 */
export async function gateway(rows = 50_000, rounds = 3): Promise<void> {
  const file = await wide(inventoryFiles(rows).before)
  await withPostgres(async (url) => {
    const results = await interleave(rounds, {
      cli: async () => {
        await prepareTable(url)
        const folder = definition(url, file)
        const cost = await runWorkflow(folder, 'inventory')
        rmSync(folder, { recursive: true })
        return cost
      },
      gateway: async () => {
        await prepareTable(url)
        return withGateway(definition(url, file), async (process) => {
          const started = performance.now()
          assertDone(await process.upload('inventory', file), rows)
          return { wall: (performance.now() - started) / 1000 }
        })
      },
    })
    const wall = (name: string): number => median((results[name] ?? []).map((cost) => cost.wall))
    const peer = 'command line with the same file'
    print({ bench: BENCH, peer, rows, metric: 'wall', ours: wall('gateway'), theirs: wall('cli') })

    const many = inventoryFiles(MANY).before
    await prepareTable(url)
    await withGateway(definition(url, many), async (process) => {
      assertDone(await process.upload('inventory', many), MANY)
      report('a million records up', process)
    })
    await withGateway(definition(url, many), async (process) => {
      await process.download('/v1/workflows/inventory/records?format=csv')
      report('a million records down, CSV', process)
      await process.download('/v1/workflows/inventory/records?format=ndjson')
      report('the same again, NDJSON', process)
    })
  })
}

function report(peer: string, process: GatewayProcess): void {
  print({ bench: BENCH, peer, rows: MANY, metric: 'peak', ours: process.peak(), theirs: MOST })
}

async function withGateway<T>(folder: string, work: (process: GatewayProcess) => Promise<T>): Promise<T> {
  const process = await GatewayProcess.start(folder)
  try {
    return await work(process)
  } finally {
    await process.stop()
    rmSync(folder, { recursive: true })
  }
}

function assertDone(run: Record<string, unknown>, rows: number): void {
  const { outcomes } = run
  const created =
    typeof outcomes === 'object' && outcomes !== null && 'created' in outcomes && outcomes.created
  if (created !== rows) throw new Error(JSON.stringify(run, null, 2))
}

function definition(url: string, file: string): string {
  const folder = inventoryToTable(url)
  symlinkSync(file, join(folder, 'inventory.csv'))
  return folder
}

/** The file with a column that nobody needs, so that 50,000 records are 10 MB, as they come from real systems. */
async function wide(path: string): Promise<string> {
  const made = path.replace(/\.csv$/, '-wide.csv')
  if (existsSync(made)) return made
  const out = createWriteStream(made)
  for await (const line of createInterface({ input: createReadStream(path) }))
    out.write(`${line},${line.startsWith('sku') ? 'note' : 'n'.repeat(120)}\n`)
  out.end()
  await once(out, 'finish')
  return made
}
