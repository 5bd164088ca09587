import { runSync } from '../../shared/core/bulk-sync/sync'
import type { SyncRequest } from '../../shared/core/bulk-sync/request'
import type { Receipt } from '../../shared/core/bulk-sync/receipt'
import { verifyReceipt } from '../../shared/core/bulk-sync/receipt'
import type { Ports } from '../../shared/core/ports'
import { reconcileDefaults } from '../../shared/core/reconciliation/defaults'
import { CountingLedger } from '../../shared/core/record/ledger'
import type { DataRecord } from '../../shared/core/record/value'
import type { Store } from '../../shared/core/store'
import type { SyncSettings, Workflow } from '../../shared/core/workflow'
import { signer } from '../../shared/adapters/signer'
import { NodeSpill } from '../../shared/adapters/spill'
import { openSqliteStore } from '../../shared/adapters/store/sqlite'
import { portsWithLog } from './batches'
import { FakeClock } from './fake-clock'
import { MemorySource, MemoryTarget } from './memory-systems'

const SYNC: SyncSettings = {
  mode: 'upsert',
  deletes: 'hard',
  deleteScope: 'target',
  batch: 10,
  concurrency: 2,
  checkpointEvery: 50,
  guards: { deletes: { share: 0.1 }, rejects: { share: 0.2 } },
  bisectionBudget: 200,
  retry: { attempts: 6, forMs: 900_000 },
}

/** A workflow over systems in memory with real state, so that a test says only what it is about. */
export class Bench {
  readonly clock = new FakeClock()
  readonly warnings: string[] = []
  store: Store = openSqliteStore(':memory:')
  readonly source: MemorySource
  readonly target: MemoryTarget
  workflow: Workflow
  alive: boolean | undefined = true

  constructor(rows: DataRecord[], sync: Partial<SyncSettings> = {}, key: readonly string[] = ['id']) {
    this.source = new MemorySource(rows)
    this.target = new MemoryTarget(key)
    this.workflow = {
      name: 'stock',
      title: 'Stock',
      personal: [],
      key,
      source: { connection: 'erp', stream: 'stock', settings: {} },
      target: { connection: 'wms', stream: 'stock', settings: {} },
      sync: { ...SYNC, ...sync },
      reconcile: reconcileDefaults(key),
      exceptions: { dueMs: 86_400_000, retentionMs: 90 * 86_400_000 },
    }
  }

  request(options: Partial<SyncRequest> = {}): SyncRequest {
    const ports: Pick<Ports, 'clock' | 'spill' | 'signer'> = {
      clock: this.clock,
      spill: new NodeSpill(),
      signer,
    }
    return {
      workflow: this.workflow,
      source: this.source,
      target: this.target,
      mapper: { map: (record) => record },
      validate: undefined,
      ports: { ...portsWithLog(this.warnings), ...ports },
      store: this.store,
      traffic: { calls: 0, bytesIn: 0, bytesOut: 0, retries: 0 },
      sourceLedger: new CountingLedger(),
      targetLedger: new CountingLedger(),
      owner: { name: 'host:1', alive: () => this.alive },
      signal: new AbortController().signal,
      ...options,
    }
  }

  /** Every receipt that a test sees is verified. */
  async sync(options: Partial<SyncRequest> = {}): Promise<Receipt> {
    const receipt = await runSync(this.request(options))
    const { problems } = verifyReceipt(JSON.parse(JSON.stringify(receipt)))
    if (problems.length > 0) throw new Error(problems.join('\n'))
    return receipt
  }
}

export function counts(receipt: Receipt): Record<string, number> {
  const found = Object.entries(receipt.outcomes).map(([outcome, { count }]) => [outcome, count] as const)
  return Object.fromEntries(found.filter(([, count]) => count > 0))
}

export function rows(n: number, from = 1): DataRecord[] {
  return Array.from({ length: n }, (_, i) => ({
    id: from + i,
    name: `record ${String(from + i)}`,
    qty: i % 7,
  }))
}
