import type { INodeExecutionData } from 'n8n-workflow'
import type { ReconcileEntry } from '../../../shared/generated/definition'
import { reconcileSettings } from '../../../shared/core/definition/reconcile'
import { RuleKey } from '../../../shared/core/reconciliation/normalise'
import { Hasher } from '../../../shared/core/record/hash'
import type { DataRecord } from '../../../shared/core/record/value'
import type { Found } from './found'

/** The items of the source whose key is in no break: their record agrees with the other side's. */
export function matchedItems({ breaks, source }: Found, reconcile: ReconcileEntry): INodeExecutionData[] {
  const [rule] = reconcileSettings(reconcile, [], undefined).match
  if (!rule) return []
  const key = new RuleKey(rule)
  const hasher = new Hasher()
  const print = (record: DataRecord): string | undefined =>
    key.hash(record, hasher) ? `${hasher.a} ${hasher.b}` : undefined
  const broken = new Set(breaks.flatMap(({ source, target }) => print(source ?? target ?? {}) ?? []))
  return source.items.flatMap((item, place) => {
    const own = print(source.records[place] ?? {})
    if (own === undefined || broken.has(own)) return []
    return [{ ...item, pairedItem: { item: place, input: 0 } }]
  })
}
