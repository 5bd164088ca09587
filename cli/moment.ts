import { Fault } from '../shared/core/fault'
import { milliseconds } from '../shared/core/definition/units'

/**
 * A moment as people type it: `3d` or `12h` from now, or a date or date-time of ISO 8601, in UTC where it has no zone.
 * @returns milliseconds since 1970
 * @throws Fault COMMAND_INVALID
 */
export function momentOf(text: string, now: number): number {
  if (/^\d{1,6}[mhd]$/.test(text)) return now + milliseconds(text)
  const iso = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/.exec(text)
  const at = iso ? Date.parse(iso[1] !== undefined && iso[4] === undefined ? `${text}Z` : text) : NaN
  if (!Number.isNaN(at)) return at
  throw new Fault(
    'COMMAND_INVALID',
    `"${text}" is no time: write 3d or 12h (from now), or a date such as 2026-12-31.`,
  )
}
