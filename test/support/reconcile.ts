import { signer } from '../../shared/adapters/signer'
import { NodeSpill } from '../../shared/adapters/spill'
import { clock } from '../../shared/adapters/clock'
import type { KeptBreak } from '../../shared/core/reconciliation/break'
import { reconcileDefaults } from '../../shared/core/reconciliation/defaults'
import { MemoryBreakLog } from '../../shared/core/reconciliation/memory-log'
import { reconcile } from '../../shared/core/reconciliation/reconcile'
import type { ReconcileRequest } from '../../shared/core/reconciliation/request'
import type { Reconciliation } from '../../shared/core/reconciliation/reconciliation'
import type { ReconcileSettings } from '../../shared/core/reconciliation/settings'
import type { DataRecord } from '../../shared/core/record/value'
import type { Workflow } from '../../shared/core/workflow'
import { MemorySource } from './memory-systems'
import { Bench } from './run-sync'

export interface Reconciled {
  result: Reconciliation
  breaks: KeptBreak[]
}

/** Both sides in memory, reconciled by their field `id` unless the settings say otherwise. */
export async function reconciled(
  source: readonly DataRecord[] | MemorySource,
  target: readonly DataRecord[] | MemorySource,
  settings: Partial<ReconcileSettings> = {},
  options: Partial<ReconcileRequest> & { parts?: Partial<Workflow> } = {},
): Promise<Reconciled> {
  const key = options.parts?.key ?? ['id']
  const workflow: Workflow = {
    ...new Bench([], {}, key).workflow,
    ...options.parts,
    reconcile: { ...reconcileDefaults(key), ...settings },
  }
  const breaks = new MemoryBreakLog()
  const side = (
    connection: string,
    records: readonly DataRecord[] | MemorySource,
  ): ReconcileRequest['source'] => ({
    source: records instanceof MemorySource ? records : new MemorySource([...records]),
    mapper: { map: (record) => record },
    connection,
    stream: 'stock',
    settings: {},
    keyFields: key,
  })
  const result = await reconcile({
    id: 'r1',
    workflow,
    source: side('erp', source),
    target: side('wms', target),
    ports: { clock, spill: new NodeSpill(), signer },
    breaks,
    signal: new AbortController().signal,
    ...options,
  })
  const found: KeptBreak[] = []
  for await (const page of (options.breaks ?? breaks).read()) found.push(...page)
  return { result, breaks: found }
}
