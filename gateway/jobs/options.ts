import { isList, isObject, type DataRecord } from '../../shared/core/record/value'
import type { ExceptionFilter } from '../../shared/core/exceptions/exception'
import type { Selection } from '../../shared/core/exceptions/inbox'

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
  ...names: Name[]
): { [name in Name]?: string } {
  const found: { [name in Name]?: string } = {}
  for (const name of names) if (typeof options[name] === 'string') found[name] = options[name]
  return found
}

/** Which exceptions a retry is for. */
export function selectionIn({ ids, filter }: DataRecord): Selection {
  if (isList(ids)) return { ids: ids.map(Number) }
  const wanted: ExceptionFilter = { state: 'open' }
  if (isObject(filter)) Object.assign(wanted, texts({ ...filter }, 'workflow', 'fingerprint', 'code'))
  return { filter: wanted }
}
