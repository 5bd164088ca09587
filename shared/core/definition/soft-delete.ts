import type { SyncEntry, WorkflowEntry } from '../../generated/definition'
import type { JsonSchema } from '../ports'
import type { DataRecord } from '../record/value'
import { propertiesOf } from '../mapping/schema'
import type { Complaint } from './finding'
import type { Path } from './path'

/** What clears the mark: as declared, else the opposite of a mark that is true or false. */
export function restoreOf({ softDelete, restore }: SyncEntry): DataRecord | undefined {
  if (!softDelete) return undefined
  const fields: DataRecord = {}
  for (const [field, mark] of Object.entries(softDelete)) if (typeof mark === 'boolean') fields[field] = !mark
  return { ...fields, ...restore }
}

/** A mark that cannot be written, or that would stay on a record that comes back. */
export function softDeleteComplaints(
  { sync = {}, map = {} }: WorkflowEntry,
  schema: JsonSchema | undefined,
  path: Path,
): Complaint[] {
  const { mode, deletes, softDelete, restore } = sync
  if (mode !== 'mirror') return []
  const complaint = (name: string, message: string): Complaint[] => [
    { path: [...path, 'sync', name], message },
  ]
  if (deletes !== 'soft') {
    if (softDelete) return complaint('softDelete', 'needs deletes: soft')
    return restore ? complaint('restore', 'needs deletes: soft') : []
  }
  if (!softDelete)
    return complaint(
      'softDelete',
      'is missing: deletes: soft needs the fields to write, such as { active: false }',
    )
  const brought = { ...propertiesOf(schema), ...map, ...restoreOf(sync) }
  const lasting = Object.keys(softDelete).filter((field) => !Object.hasOwn(brought, field))
  if (lasting.length === 0) return []
  return complaint(
    'restore',
    `does not say what clears ${lasting.join(' and ')} when a record comes back, such as { ${lasting[0] ?? ''}: null }`,
  )
}
