import type { DataRecord } from '../record/value'
import { momentOf } from './moment'
import type { ReconcileSettings } from './settings'

/** Records that changed after this moment, in milliseconds since 1970, are not judged. */
export function cutOffAt({ cutOff }: ReconcileSettings, started: number): number {
  return started - (cutOff?.windowMs ?? 0)
}

/** Whether one of the records changed after the cut-off: the change may still be on its way. */
export function isInFlight(
  records: readonly (DataRecord | undefined)[],
  { cutOff }: ReconcileSettings,
  at: number,
): boolean {
  if (!cutOff) return false
  return records.some((record) => {
    const changed = momentOf(record?.[cutOff.field])
    return changed !== undefined && changed > at
  })
}
