import { sourceFieldsOf } from '../mapping/source-fields'
import { CountingLedger } from '../record/ledger'
import { Rejection } from '../record/rejection'
import type { DataRecord } from '../record/value'
import type { SnapshotRequest } from '../snapshot'
import { fieldsToCompare } from './fields'
import type { PassRequest } from './record-pass'
import type { Dimension, KeyField, MatchRule, ReconcileSettings } from './settings'
import type { SideInput } from './side'

export interface Questions {
  source: SnapshotRequest
  target: SnapshotRequest
  rule: MatchRule
  /** The fields of the mapped records. */
  has: { source: ReadonlySet<string>; target: ReadonlySet<string> }
}

/** What is asked of each side by its own field names; undefined where records are not what the systems hold. */
export function questionsOf({ workflow, source, target, comparison }: PassRequest): Questions | undefined {
  const { match, dimensions, measures, cutOff } = workflow.reconcile
  const [rule] = match
  const [ofSource, ofTarget] = [fieldsOf(source), fieldsOf(target)]
  if (!rule || !isPlain(rule) || !ofSource || !ofTarget || comparison.textual) return undefined

  // a field that neither side has is equal in all records
  const fields = fieldsToCompare(workflow, ofSource, ofTarget).filter(
    (field) => ofSource.has(field) || ofTarget.has(field),
  )
  const key = rule.on.map(({ field }) => field)
  const amounts = measures.flatMap((measure) => measure.fields)
  const changed = cutOff ? [cutOff.field] : []
  const used = [...key, ...fields, ...dimensions.map(({ field }) => field), ...amounts, ...changed]
  const names = sourceFieldsOf(workflow.map, used)
  if (!names?.every((name) => source.source.fields?.includes(name))) return undefined
  if (!used.every((field) => ofSource.has(field) && ofTarget.has(field))) return undefined
  // with a factor equal values would not agree
  if (![...fields, ...amounts].every((field) => comparison.of(field).plain)) return undefined

  const request = {
    key,
    fields,
    dimensions: dimensions.map(asked(workflow.reconcile)),
    measures,
    ...(cutOff ? { changed: cutOff.field } : {}),
  }
  return {
    source: renamed(request, new Map(used.map((field, i) => [field, names[i] ?? field]))),
    target: request,
    rule,
    has: { source: ofSource, target: ofTarget },
  }
}

/** What people group by; whole where it is changed before it is cut. */
function asked({ compare }: ReconcileSettings): (one: Dimension) => SnapshotRequest['dimensions'][number] {
  return ({ field, by }) => {
    const { fold = false, space = false } = compare[field] ?? {}
    return { field, by: fold || space ? 'value' : by }
  }
}

function renamed(
  { key, fields, dimensions, measures, changed }: SnapshotRequest,
  names: ReadonlyMap<string, string>,
): SnapshotRequest {
  const name = (field: string): string => names.get(field) ?? field
  return {
    key: key.map(name),
    fields: fields.map(name),
    dimensions: dimensions.map(({ field, by }) => ({ field: name(field), by })),
    measures: measures.map((measure) => ({ fields: measure.fields.map(name) })),
    ...(changed === undefined ? {} : { changed: name(changed) }),
  }
}

function isPlain({ on }: MatchRule): boolean {
  return on.length > 0 && on.every(isExact)
}

function isExact({ trim, fold, stripZeros, values, withinDays }: KeyField): boolean {
  return !trim && !fold && !stripZeros && withinDays === 0 && Object.keys(values).length === 0
}

/** The fields that every mapped record of a side has. */
function fieldsOf({ source, mapper, leavesOut }: SideInput): Set<string> | undefined {
  if (leavesOut) return undefined
  if (!source.typed || !source.snapshot || !source.fields) return undefined
  const empty: DataRecord = {}
  for (const field of source.fields) empty[field] = null
  const mapped = mapper.map(empty, new CountingLedger())
  return mapped instanceof Rejection ? undefined : new Set(Object.keys(mapped))
}
