import type { ListingEnd } from '../connector'
import type { Failure } from '../exceptions/exception'
import { KeySet } from '../record/key-set'
import { CountingLedger } from '../record/ledger'
import { Intake } from './intake'
import { writeScope, type PendingWrite } from './pending'
import type { SyncRequest } from './request'
import { SeenKeys } from './seen-keys'
import { Segment } from './segment'
import { operationOf } from './settings'

export type ListingRequest = Pick<
  SyncRequest,
  'workflow' | 'source' | 'mapper' | 'validate' | 'ports' | 'sourceLedger' | 'signal'
>

export interface ListedPage {
  /** As a sync would send them, each key once. */
  records: readonly PendingWrite[]
  /** Rows that a sync would not send, and why; personal values masked. */
  refused: readonly Failure[]
  /** Refused rows whose key is not known. */
  keyless: number
  /** On the last page only; `seen` has every key that is known, until the listing is ended. */
  end?: ListingEnd & { seen: SeenKeys }
}

/** The records of a source, mapped and validated as a run does it; nothing is written or remembered. */
export async function* listRecords(request: ListingRequest): AsyncGenerator<ListedPage> {
  const { workflow, source, mapper, validate, ports, signal } = request
  const seen = new SeenKeys(new KeySet(ports.spill))
  const scope = writeScope(workflow, '')
  const intake = new Intake({
    mapper,
    validate,
    restore: undefined,
    key: workflow.key,
    operation: operationOf(workflow.sync),
    seen,
    scope,
    ledger: new CountingLedger(),
    accepted: () => false,
    onUnchanged: () => undefined,
    onValid: () => undefined,
    onRejected: () => undefined,
  })
  const segmentScope = {
    run: '',
    workflow: workflow.name,
    personal: workflow.personal,
    keyed: workflow.key.length > 0,
    dueMs: 0,
    remembers: false,
    now: () => ports.clock.now(),
  }
  let rows = 0
  try {
    for await (const page of source.read({ pageSize: PAGE, signal, snapshot: true })) {
      const segment = new Segment(segmentScope)
      const records = intake.page(page, segment)
      const { failures: refused, keyless } = segment
      rows += page.rows.length
      yield { records, refused, keyless, ...(page.end ? { end: { ...proven(page.end, rows), seen } } : {}) }
    }
  } finally {
    seen.drop()
  }
}

const PAGE = 1000

/** The engine's own count against the source's: fewer rows than it says there are is no complete listing. */
export function proven(end: ListingEnd, rows: number): ListingEnd {
  const { complete, total } = end
  if (!complete || total === undefined || total === rows) return end
  return {
    ...end,
    complete: false,
    evidence: `the source says it has ${String(total)} records and gave ${String(rows)}.`,
  }
}
