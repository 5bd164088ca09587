import { rfc3339Of } from '../record/date-time'
import { instantFraction, instantSeconds } from '../record/instant'
import type { Value } from '../record/value'

/**
 * Milliseconds since 1970 of a date or date-time; one without a zone is taken for UTC. Undefined for anything else.
 */
export function momentOf(value: Value | undefined): number | undefined {
  const text = typeof value === 'string' ? rfc3339Of(value) : undefined
  if (text === undefined) return undefined
  const fraction = instantFraction(text)
  const whole = instantSeconds(text) * 1000
  return fraction === '' ? whole : whole + Number(`0.${fraction}`) * 1000
}
