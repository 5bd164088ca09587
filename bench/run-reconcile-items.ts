import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { nodePorts } from '../shared/adapters/ports'
import { reconcileRecords } from '../shared/core/reconciliation/records'
import { isValue, isObject, type DataRecord } from '../shared/core/record/value'
import { tellCost } from './lib/process'

/** Items that a workflow tool has in memory; tells what the core alone cost. */
async function main(folder: string): Promise<void> {
  const [source, target] = [items(join(folder, 'a.csv')), items(join(folder, 'b.csv'))]
  const ports = nodePorts(folder, () => undefined)
  const before = process.cpuUsage()
  const { result } = await reconcileRecords({
    source,
    target,
    key: ['sku', 'location'],
    ports,
    signal: new AbortController().signal,
  })
  const { user, system } = process.cpuUsage(before)
  tellCost({ cpu: (user + system) / 1e6, status: result.status, breaks: result.breaks.open })
}

function items(path: string): DataRecord[] {
  const rows: unknown = parse(readFileSync(path), { columns: true })
  if (!isValue(rows) || !Array.isArray(rows)) throw new Error('csv-parse gives a list')
  return rows
    .filter(isObject)
    .map((row) => ({ ...row, quantity: Number(row['quantity']), unit_cost: Number(row['unit_cost']) }))
}

void main(process.argv[2] ?? '')
