import { postgres } from '../../connectors/postgres'
import { clock } from '../../shared/adapters/clock'
import { NodeFiles } from '../../shared/adapters/files'
import { http } from '../../shared/adapters/http'
import { lineLog } from '../../shared/adapters/log'
import { signer } from '../../shared/adapters/signer'
import { NodeSpill } from '../../shared/adapters/spill'
import { createAjvValidator } from '../../shared/adapters/validator'
import { reconcileDefaults } from '../../shared/core/reconciliation/defaults'
import { MemoryBreakLog } from '../../shared/core/reconciliation/memory-log'
import { reconcile } from '../../shared/core/reconciliation/reconcile'
import { RecordPass } from '../../shared/core/reconciliation/record-pass'
import type { SideInput } from '../../shared/core/reconciliation/side'
import { CountingLedger } from '../../shared/core/record/ledger'
import type { Workflow } from '../../shared/core/workflow'
import { tellCost } from './process'

export const SOURCE_TABLE = 'bench_stock_source'
export const TARGET_TABLE = 'bench_stock_target'

const KEY = ['sku', 'location']

/** Reconciles the two tables once; tells what that cost, without the start-up. */
export async function reconcileTables(url: string, method: string): Promise<void> {
  const log = lineLog((line) => {
    console.error(line)
  })
  const files = new NodeFiles('.', http)
  const ports = { clock, http, files, validator: createAjvValidator(), spill: new NodeSpill(), signer, log }
  const traffic = { calls: 0, bytesIn: 0, bytesOut: 0, retries: 0 }
  const connection = await postgres.open({ name: 'warehouse', settings: { url }, ports, traffic })
  const side = async (stream: string): Promise<SideInput> => ({
    source: await connection.source({ stream, settings: {}, key: KEY, ledger: new CountingLedger() }),
    mapper: { map: (record) => record },
    connection: 'warehouse',
    stream,
    settings: {},
    keyFields: KEY,
  })
  const [source, target] = [await side(SOURCE_TABLE), await side(TARGET_TABLE)]
  const cpu = process.cpuUsage()
  const started = performance.now()
  const result = await reconcile({
    id: 'bench',
    workflow,
    source,
    target,
    ports,
    breaks: new MemoryBreakLog(),
    signal: new AbortController().signal,
    ...(method === 'records' ? { firstPass: (request) => Promise.resolve(new RecordPass(request)) } : {}),
  })
  const wall = (performance.now() - started) / 1000
  const { user, system } = process.cpuUsage(cpu)
  await connection.close()
  if (result.method !== method) throw new Error(JSON.stringify(result, null, 2))
  const { breaks, compared, measures } = result
  tellCost({
    wall,
    cpu: (user + system) / 1e6,
    found: JSON.stringify({ breaks, compared, measures }),
    traffic,
  })
}

const workflow: Workflow = {
  name: 'stock',
  title: 'Stock',
  personal: [],
  key: KEY,
  source: { connection: 'warehouse', stream: SOURCE_TABLE, settings: {} },
  target: { connection: 'warehouse', stream: TARGET_TABLE, settings: {} },
  sync: {
    mode: 'upsert',
    deletes: 'none',
    deleteScope: 'target',
    concurrency: 1,
    checkpointEvery: 1000,
    guards: { deletes: {}, rejects: {} },
    bisectionBudget: 0,
    retry: { attempts: 1, forMs: 0 },
  },
  exceptions: { dueMs: 0, retentionMs: 0 },
  reconcile: {
    ...reconcileDefaults(KEY),
    // so much that reading every record needs no disk
    memory: 4 * 1024 ** 3,
    dimensions: [
      { name: 'Location', field: 'location', by: 'value' },
      { name: 'Category', field: 'category', by: 'value' },
      { name: 'Month', field: 'updated_at', by: 'month' },
    ],
    measures: [
      { name: 'Quantity', fields: ['quantity'] },
      { name: 'Value', fields: ['quantity', 'unit_cost'] },
    ],
  },
}
