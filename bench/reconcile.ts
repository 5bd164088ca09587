import { rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { interleave, median, print } from './lib/comparison'
import { installDuckDb } from './lib/duckdb'
import { runScript, type Cost } from './lib/process'
import { twoSystems, type Findings, type Notation, type TwoSystems } from './lib/two-systems'
import { INVENTORY_SCHEMA, workflowFolder } from './lib/workflow'

const BENCH = 'reconcile'
/** Rows from which on csv-parse and a Map die of their heap. */
const TOO_MANY_FOR_OBJECTS = 3_000_000

/**
 * Two CSV files of one inventory: breaks by field, rows that come twice, totals of 1,500 groups, in memory and with a
 * bound that sends the keys to disk; then the whole reconciliation, with causes and everything in the store. The whole
 * process counts, and each contender has to find the same.
 */
export async function reconcile(rows = 1_000_000, rounds = 3): Promise<void> {
  await installDuckDb()
  const few = rows < TOO_MANY_FOR_OBJECTS
  await filesOf(rows, rounds, 'plain', few)
  if (!few) return
  await filesOf(rows, rounds, 'crlf', false)
  await itemsInMemory(rounds)
}

async function filesOf(rows: number, rounds: number, notation: Notation, objects: boolean): Promise<void> {
  const data = twoSystems(rows, notation)
  const bound = rows < TOO_MANY_FOR_OBJECTS ? 32 : 256
  const results = await interleave(rounds, {
    matching: () => checked(data, matched(data.folder, 1024)),
    bounded: () => checked(data, matched(data.folder, bound)),
    whole: () => checked(data, reconciled(data.folder)),
    duckdb: () => checked(data, runScript('peers/duckdb-reconcile.js', [data.folder])),
    ...(objects ? { objects: () => checked(data, runScript('peers/csv-parse-map.js', [data.folder])) } : {}),
  })
  const of = (name: string, metric: 'cpu' | 'peak'): number =>
    median((results[name] ?? []).map((cost) => cost[metric]))
  const set = notation === 'plain' ? '' : ', CRLF and quotes'
  const lines = [
    ['matching', 'duckdb', 'DuckDB, full outer join'],
    ['bounded', 'duckdb', `DuckDB, full outer join; ours with ${String(bound)} MiB for matching`],
    ['whole', 'duckdb', 'DuckDB, full outer join; ours with causes and store'],
    ...(objects ? [['matching', 'objects', 'csv-parse and a Map']] : []),
  ] as const
  for (const [name = '', rival = '', peer = ''] of lines) {
    for (const metric of ['cpu', 'peak'] as const)
      print({
        bench: BENCH,
        peer: peer + set,
        rows,
        metric,
        ours: of(name, metric),
        theirs: of(rival, metric),
      })
  }
  const block = median((results['whole'] ?? []).map(({ facts }) => Number(facts['block'])))
  print({ bench: BENCH, peer: `aim${set}`, rows, metric: 'block', ours: block, theirs: 0.05 })
}

/** @throws when a contender finds something else */
async function checked({ expected }: TwoSystems, running: Promise<Cost>): Promise<Cost> {
  const cost = await running
  const { found } = cost.facts
  if (JSON.stringify(found) !== JSON.stringify(expected satisfies Findings))
    throw new Error(`found ${JSON.stringify(found)} where ${JSON.stringify(expected)} was planted`)
  return cost
}

async function matched(folder: string, memory: number): Promise<Cost> {
  return byBytes(await runScript('run-match.js', [folder, String(memory)]))
}

async function reconciled(folder: string): Promise<Cost> {
  const work = workflowFolder({
    tieout: 1,
    connections: { files: { connector: 'csv', folder: '.' } },
    workflows: {
      inventory: {
        schema: INVENTORY_SCHEMA,
        key: ['sku', 'location'],
        source: { connection: 'files', stream: 'a.csv' },
        target: { connection: 'files', stream: 'b.csv' },
        reconcile: {
          dimensions: ['location', 'category', 'status'],
          measures: ['quantity', { name: 'value', fields: ['quantity', 'unit_cost'] }],
          memory: '1GB',
        },
      },
    },
  })
  for (const name of ['a.csv', 'b.csv']) symlinkSync(join(folder, name), join(work, name))
  const state = join(work, 'state.sqlite')
  const cost = await runScript('run-reconcile.js', [join(work, 'tieout.json'), 'inventory', state])
  rmSync(work, { recursive: true })
  return byBytes(cost)
}

function byBytes(cost: Cost): Cost {
  if (cost.facts['method'] !== 'bytes') throw new Error(`reconciled by ${String(cost.facts['method'])}`)
  return cost
}

/** 50,000 items against 50,000, as a step of a workflow tool has them. */
async function itemsInMemory(rounds: number): Promise<void> {
  const { folder } = twoSystems(50_000, 'plain')
  const costs: number[] = []
  for (let round = 1; round <= rounds; round++) {
    const { cpu } = await runScript('run-reconcile-items.js', [folder])
    console.error(`round ${String(round)} items: ${String(cpu)}`)
    costs.push(cpu)
  }
  print({
    bench: BENCH,
    peer: 'aim for items in memory',
    rows: 50_000,
    metric: 'cpu',
    ours: median(costs),
    theirs: 0.3,
  })
}
