import type { ReconcileEntry } from '../../generated/definition'
import { exceptionSettings, reconcileSettings } from '../definition/reconcile'
import { syncSettings } from '../definition/sync'
import type { Page, ReadRequest, Source } from '../connector'
import type { JsonSchema, Ports } from '../ports'
import type { DataRecord } from '../record/value'
import type { KeptBreak } from './break'
import { MemoryBreakLog } from './memory-log'
import { reconcile } from './reconcile'
import type { Reconciliation } from './reconciliation'
import type { ReconcileProgress } from './request'
import type { SideInput } from './side'

export interface RecordsRequest {
  source: readonly DataRecord[]
  target: readonly DataRecord[]
  /** Fields that identify a record. */
  key: readonly string[]
  /** As in a definition. */
  reconcile?: ReconcileEntry
  schema?: JsonSchema
  /** What people call it. */
  title?: string
  ports: Pick<Ports, 'clock' | 'spill' | 'signer'>
  signal: AbortSignal
  onProgress?: (progress: ReconcileProgress) => void
}

/** Reconciles records that a host already has in memory; nothing is stored. */
export async function reconcileRecords(
  request: RecordsRequest,
): Promise<{ result: Reconciliation; breaks: readonly KeptBreak[] }> {
  const { key, schema, title = 'Records', ports, signal, onProgress } = request
  const log = new MemoryBreakLog()
  const stream = { connection: 'memory', stream: 'records', settings: {} }
  const side = (name: 'source' | 'target'): SideInput => ({
    ...stream,
    stream: name,
    source: new RecordSource(request[name]),
    mapper: { map: (record) => record },
  })
  const result = await reconcile({
    id: ports.signer.id(),
    workflow: {
      name: 'records',
      title,
      ...(schema === undefined ? {} : { schema }),
      personal: [],
      key,
      source: stream,
      target: stream,
      sync: syncSettings({}),
      reconcile: reconcileSettings(request.reconcile ?? {}, key, undefined),
      exceptions: exceptionSettings({}),
    },
    source: side('source'),
    target: side('target'),
    ports,
    breaks: log,
    signal,
    ...(onProgress ? { onProgress } : {}),
  })
  const breaks: KeptBreak[] = []
  for await (const page of log.read()) breaks.push(...page)
  return { result, breaks }
}

/** Records in memory as a stream. */
class RecordSource implements Source {
  readonly typed = true

  constructor(private readonly records: readonly DataRecord[]) {}

  async *read({ pageSize }: ReadRequest): AsyncGenerator<Page> {
    const { records } = this
    for (let at = 0; ; at += pageSize) {
      const rows = records.slice(at, at + pageSize)
      const last = at + pageSize >= records.length
      const page: Page = { rows, firstRow: at + 1, position: String(at + rows.length) }
      if (last) page.end = { complete: true, total: records.length, evidence: 'all records are in memory' }
      yield await Promise.resolve(page)
      if (last) return
    }
  }
}
