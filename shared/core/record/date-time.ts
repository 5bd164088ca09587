import { instantSeconds } from './instant'

/** A date, or a date and a time as ISO 8601 and databases write them. */
export const DATE_TIME =
  /^(?<date>\d{4}-\d\d-\d\d)(?:(?<separator>[T ])(?<time>\d\d:\d\d)(?<seconds>:\d\d)?(?<fraction>\.\d+)?(?<zone>Z|[+-]\d\d(?::?\d\d)?)?)?$/

/**
 * The date or date-time as RFC 3339 has it: a time without a zone counts as UTC, a date as its first moment. Undefined for
 * any other text.
 */
export function rfc3339Of(text: string): string | undefined {
  if (!Number.isNaN(instantSeconds(text))) return text
  const { date, time = '00:00', seconds = ':00', fraction = '', zone } = DATE_TIME.exec(text)?.groups ?? {}
  if (date === undefined) return undefined
  const full = `${date}T${time}${seconds}${fraction}${zoneOf(zone)}`
  return Number.isNaN(instantSeconds(full)) ? undefined : full
}

/** PostgreSQL writes +00, ISO 8601 also has +0000. */
function zoneOf(zone = 'Z'): string {
  if (zone === 'Z') return zone
  return `${zone.slice(0, 3)}:${zone.slice(3).replace(':', '') || '00'}`
}
