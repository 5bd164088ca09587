import { signer } from '../../../shared/adapters/signer'
import { NodeSpill } from '../../../shared/adapters/spill'
import type { KeptBreak } from '../../../shared/core/reconciliation/break'
import { reconcileDefaults } from '../../../shared/core/reconciliation/defaults'
import { MemoryBreakLog } from '../../../shared/core/reconciliation/memory-log'
import { reconcile } from '../../../shared/core/reconciliation/reconcile'
import type { Reconciliation } from '../../../shared/core/reconciliation/reconciliation'
import { RecordPass } from '../../../shared/core/reconciliation/record-pass'
import type { ReconcileRequest } from '../../../shared/core/reconciliation/request'
import type { SideInput } from '../../../shared/core/reconciliation/side'
import { FakeClock } from '../../support/fake-clock'
import { Bench } from '../../support/run-sync'
import type { Planted, Truth } from './books'

export interface Found {
  result: Reconciliation
  breaks: KeptBreak[]
}

/** @param firstPass the fastest way, unless it is said */
export async function find(
  truth: Truth,
  source: SideInput,
  target: SideInput,
  firstPass?: ReconcileRequest['firstPass'],
): Promise<Found> {
  const { key, schema, settings } = truth
  const breaks = new MemoryBreakLog()
  const result = await reconcile({
    id: 'r1',
    workflow: {
      ...new Bench([], {}, key).workflow,
      schema,
      reconcile: { ...reconcileDefaults(key), ...settings },
    },
    source,
    target,
    ports: { clock: new FakeClock(), spill: new NodeSpill(), signer },
    breaks,
    signal: new AbortController().signal,
    ...(firstPass ? { firstPass } : {}),
  })
  const found: KeptBreak[] = []
  for await (const page of breaks.read()) found.push(...page)
  return { result, breaks: found }
}

/** Record by record, whatever faster way there is. */
export const byRecord: ReconcileRequest['firstPass'] = (request) => Promise.resolve(new RecordPass(request))

/** All that was found, apart from how: ids are given in the order in which breaks are found. */
export function content({ result, breaks }: Found): unknown {
  const { totals } = result
  const found = breaks.map((one) => ({ ...one, id: 0 }))
  const rest = {
    ...result,
    method: '',
    contentHash: '',
    totals: totals.map((one) => JSON.stringify(one)).sort(),
  }
  return { rest, found }
}

/** What was found, in the form of what was planted. */
export function asPlanted({ breaks }: Found): string[] {
  return breaks.map(({ kind, key, fields, cause }) =>
    line({ kind, key, fields: fields.map(({ field }) => field).sort(), cause: cause?.split(':')[0] }),
  )
}

export function line({ kind, key, fields, cause }: Planted): string {
  return [key, kind, fields.join(' '), cause ?? 'no cause'].join(' | ')
}
