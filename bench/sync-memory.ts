import { rmSync } from 'node:fs'
import { median, print } from './lib/comparison'
import { inventoryFiles } from './lib/inventory'
import { inventoryToFile } from './lib/inventory-workflow'
import { runWorkflow } from './lib/workflow'

/** Peak memory of a CSV that goes to an NDJSON file, at ten times the rows of the other: it has to stay flat. */
export async function syncMemory(rows = 1_000_000, rounds = 1): Promise<void> {
  const few: number[] = []
  const many: number[] = []
  for (let round = 1; round <= rounds; round++) {
    few.push(await peakOf(rows))
    many.push(await peakOf(rows * 10))
  }
  print({
    bench: 'sync-memory',
    peer: `itself at ${String(rows)} rows`,
    rows: rows * 10,
    metric: 'peak',
    ours: median(many),
    theirs: median(few),
  })
}

async function peakOf(rows: number): Promise<number> {
  const folder = inventoryToFile(inventoryFiles(rows).before)
  const cost = await runWorkflow(folder, 'inventory')
  console.error(`${String(rows)} rows: ${JSON.stringify(cost)}`)
  rmSync(folder, { recursive: true })
  return cost.peak
}
