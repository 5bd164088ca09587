import type { Connection } from '../../shared/core/connector'
import type { Mapper } from '../../shared/core/mapping/mapper'
import type { JsonSchema } from '../../shared/core/ports'
import { reconcileDefaults } from '../../shared/core/reconciliation/defaults'
import type { ReconcileSettings } from '../../shared/core/reconciliation/settings'
import type { SideInput } from '../../shared/core/reconciliation/side'
import { CountingLedger } from '../../shared/core/record/ledger'
import type { Workflow } from '../../shared/core/workflow'

const KEY = ['sku', 'location']
const CONNECTION = 'both'

/** Two streams of one connection with the same records by sku and location, which are only reconciled. */
export function reconcileWorkflow(
  streams: { source: string; target: string; schema?: JsonSchema },
  settings: Partial<ReconcileSettings>,
): Workflow {
  const { source, target, schema } = streams
  return {
    name: 'inventory',
    title: 'Inventory',
    ...(schema === undefined ? {} : { schema }),
    personal: [],
    key: KEY,
    source: { connection: CONNECTION, stream: source, settings: {} },
    target: { connection: CONNECTION, stream: target, settings: {} },
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
    reconcile: { ...reconcileDefaults(KEY), ...settings },
  }
}

export async function sideOf(connection: Connection, stream: string, mapper: Mapper): Promise<SideInput> {
  return {
    source: await connection.source({ stream, settings: {}, key: KEY, ledger: new CountingLedger() }),
    mapper,
    connection: CONNECTION,
    stream,
    settings: {},
    keyFields: KEY,
  }
}
