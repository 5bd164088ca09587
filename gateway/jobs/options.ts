import { isList, isObject, type DataRecord } from '../../shared/core/record/value'
import type { DecisionRequest } from '../../shared/core/exceptions/decide/request'
import type { ExceptionFilter } from '../../shared/core/exceptions/exception'
import type { Edits } from '../../shared/core/exceptions/fix'
import type { Selection } from '../../shared/core/exceptions/inbox'
import { Fault } from '../../shared/core/fault'
import { printJson } from '../../shared/core/format/json'

/** What a job was asked to do, as it was saved. */

export function flags<Name extends string>(
  options: DataRecord,
  ...names: Name[]
): { [name in Name]?: boolean } {
  const found: { [name in Name]?: boolean } = {}
  for (const name of names) if (typeof options[name] === 'boolean') found[name] = options[name]
  return found
}

export function texts<Name extends string>(
  options: DataRecord,
  ...names: readonly Name[]
): { [name in Name]?: string } {
  const found: { [name in Name]?: string } = {}
  for (const name of names) if (typeof options[name] === 'string') found[name] = options[name]
  return found
}

const FILTERS = ['workflow', 'fingerprint', 'code', 'run', 'assignee', 'tag', 'text'] as const

/** Which exceptions a retry or a decision is for. */
export function selectionIn({ ids, filter }: DataRecord): Selection {
  if (isList(ids)) return { ids: ids.map(Number) }
  const wanted: ExceptionFilter = { state: 'open' }
  if (isObject(filter)) Object.assign(wanted, texts({ ...filter }, ...FILTERS))
  return { filter: wanted }
}

/** What is decided on them, by whom. @throws Fault UNEXPECTED for what no decision was kept as */
export function decisionIn({ decision, reason, until, set }: DataRecord, who: string): DecisionRequest {
  const why = {
    who,
    reason: typeof reason === 'string' ? reason : '',
    ...(typeof until === 'string' ? { until: Date.parse(until) } : {}),
  }
  if (decision === 'write' && isObject(set)) return { ...why, decision, edits: editsOf(set) }
  if (decision === 'accept-source' || decision === 'accept-target' || decision === 'ignore')
    return { ...why, decision }
  throw new Fault('UNEXPECTED', 'This is no decision.')
}

/** `{country: 'GB'}`: fields to set. */
export function editsOf(set: DataRecord): Edits {
  return { set: Object.entries(set).map(([field, to]) => `${field}:=${printJson(to)}`) }
}
