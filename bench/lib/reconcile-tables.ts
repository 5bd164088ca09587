import { postgres } from '../../connectors/postgres'
import { clock } from '../../shared/adapters/clock'
import { NodeFiles } from '../../shared/adapters/files'
import { http } from '../../shared/adapters/http'
import { lineLog } from '../../shared/adapters/log'
import { signer } from '../../shared/adapters/signer'
import { NodeSpill } from '../../shared/adapters/spill'
import { createAjvValidator } from '../../shared/adapters/validator'
import type { Mapper } from '../../shared/core/mapping/mapper'
import { MemoryBreakLog } from '../../shared/core/reconciliation/memory-log'
import { reconcile } from '../../shared/core/reconciliation/reconcile'
import { RecordPass } from '../../shared/core/reconciliation/record-pass'
import { tellCost } from './process'
import { reconcileWorkflow, sideOf } from './reconcile-workflow'

export const SOURCE_TABLE = 'bench_stock_source'
export const TARGET_TABLE = 'bench_stock_target'

/** Reconciles the two tables once; tells what that cost, without the start-up. */
export async function reconcileTables(url: string, method: string): Promise<void> {
  const log = lineLog((line) => {
    console.error(line)
  })
  const files = new NodeFiles('.', http)
  const ports = { clock, http, files, validator: createAjvValidator(), spill: new NodeSpill(), signer, log }
  const traffic = { calls: 0, bytesIn: 0, bytesOut: 0, retries: 0 }
  const connection = await postgres.open({ name: 'warehouse', settings: { url }, ports, traffic })
  const mapper: Mapper = { map: (record) => record }
  const source = await sideOf(connection, SOURCE_TABLE, mapper)
  const target = await sideOf(connection, TARGET_TABLE, mapper)
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

const workflow = reconcileWorkflow(
  { source: SOURCE_TABLE, target: TARGET_TABLE },
  {
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
)
