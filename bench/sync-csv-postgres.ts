import { rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { interleave, median, print } from './lib/comparison'
import { withPostgres } from './lib/database'
import { inventoryFiles } from './lib/inventory'
import { inventoryToTable } from './lib/inventory-workflow'
import { prepareTable, tableState } from './lib/postgres'
import { runWorkflow } from './lib/workflow'
import { psqlCopy } from './peers/psql-copy'

const BENCH = 'sync-csv-postgres'

/**
 * CSV to PostgreSQL with mapping, validation and receipt, against psql `\copy` and one upsert of what differs: into an
 * empty table; into one that holds all rows, 1 % of them changed, with and without memory of an earlier run.
 */
export async function syncCsvPostgres(rows = 1_000_000, rounds = 3): Promise<void> {
  const files = inventoryFiles(rows)
  await withPostgres(async (url) => {
    const empty = await interleave(rounds, {
      psql: async () => {
        await prepareTable(url)
        return psqlCopy(url, files.before)
      },
      tieout: async () => {
        await prepareTable(url)
        return oneSync(url, files.before)
      },
    })
    report('psql copy + upsert, empty target', rows, empty)
    const states = new Set<string>()
    const changed = await interleave(rounds, {
      psql: async () => {
        await prepareTable(url, files.before)
        const cost = await psqlCopy(url, files.after)
        states.add(await tableState(url))
        return cost
      },
      tieout: async () => {
        await prepareTable(url)
        const folder = inventoryToTable(url)
        await runWorkflow(arrived(folder, files.before), 'inventory')
        const cost = await runWorkflow(arrived(folder, files.after), 'inventory')
        rmSync(folder, { recursive: true })
        states.add(await tableState(url))
        return cost
      },
      firstMeeting: async () => {
        await prepareTable(url, files.before)
        const cost = await oneSync(url, files.after)
        states.add(await tableState(url))
        return cost
      },
    })
    report('psql copy + upsert, 1 % changed', rows, changed)
    report('psql copy + upsert, 1 % changed, first run on a filled target', rows, {
      psql: changed['psql'] ?? [],
      tieout: changed['firstMeeting'] ?? [],
    })
    if (states.size !== 1) throw new Error(`the tables differ: ${[...states].join(', ')}`)
  })
}

async function oneSync(url: string, file: string): Promise<{ wall: number }> {
  const folder = inventoryToTable(url)
  const cost = await runWorkflow(arrived(folder, file), 'inventory')
  rmSync(folder, { recursive: true })
  return cost
}

/** Tonight's file. */
function arrived(folder: string, file: string): string {
  const place = join(folder, 'inventory.csv')
  rmSync(place, { force: true })
  symlinkSync(file, place)
  return folder
}

function report(peer: string, rows: number, results: Record<string, { wall: number }[]>): void {
  const wall = (name: string): number => median((results[name] ?? []).map((cost) => cost.wall))
  print({ bench: BENCH, peer, rows, metric: 'wall', ours: wall('tieout'), theirs: wall('psql') })
}
