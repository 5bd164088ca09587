import type { DataRecord } from '../record/value'
import { momentOf } from './moment'
import type { ReconcileSettings } from './settings'

/** Records that changed after this moment, in milliseconds since 1970, are not judged. */
export function cutOffAt({ cutOff }: ReconcileSettings, started: number): number {
  return started - (cutOff?.windowMs ?? 0)
}

/** Clocks may differ, and a time without a zone may be that of the far east. */
const AHEAD = 24 * 60 * 60_000

/**
 * Whether one of the records changed after the cut-off: the change may still be on its way. What lies further in the future
 * is mistyped, and would hide its record for good.
 */
export function isInFlight(
  records: readonly (DataRecord | undefined)[],
  { cutOff }: ReconcileSettings,
  at: number,
): boolean {
  if (!cutOff) return false
  return records.some((record) => {
    const changed = momentOf(record?.[cutOff.field])
    return changed !== undefined && changed > at && changed <= at + cutOff.windowMs + AHEAD
  })
}
