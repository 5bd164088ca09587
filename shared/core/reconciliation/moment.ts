import { instantFraction, instantSeconds } from '../record/instant'
import type { Value } from '../record/value'

const LOCAL = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?$/

/**
 * Milliseconds since 1970 of a date or date-time; one without a zone is taken for UTC. Undefined for anything else.
 */
export function momentOf(value: Value | undefined): number | undefined {
  if (typeof value !== 'string') return undefined
  const seconds = instantSeconds(value)
  if (!Number.isNaN(seconds)) {
    const fraction = instantFraction(value)
    return fraction === '' ? seconds * 1000 : seconds * 1000 + Number(`0.${fraction}`) * 1000
  }
  const [, day, time] = LOCAL.exec(value) ?? []
  if (day === undefined) return undefined
  const moment = Date.parse(`${day}T${time ?? '00:00:00'}Z`)
  return Number.isNaN(moment) ? undefined : moment
}
