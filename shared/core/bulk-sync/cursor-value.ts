import { DATE_TIME, rfc3339Of } from '../record/date-time'
import { Decimal } from '../record/decimal'
import { instantFraction, instantSeconds } from '../record/instant'

const INTEGER = /^-?\d+$/

/** By instant to the last digit, numbers by value to the last digit, else as text. */
export function compareCursor(one: string, two: string): number {
  if (one === two) return 0
  const apart = compareTimes(instantOf(one), instantOf(two)) ?? compareNumbers(one, two)
  return apart ?? (one < two ? -1 : 1)
}

/**
 * The value to read from: `lagMs` before the saved one, whole numbers being milliseconds since 1970. A date-time stays in
 * its form, because some sources compare its text: the lag is rounded up to whole seconds, for a date to whole days.
 */
export function withLag(value: string, lagMs: number): string {
  if (lagMs === 0) return value
  if (INTEGER.test(value)) return String(BigInt(value) - BigInt(Math.ceil(lagMs)))
  const { date, separator, time, seconds, fraction = '', zone = '' } = DATE_TIME.exec(value)?.groups ?? {}
  if (date === undefined) return value
  if (separator === undefined || time === undefined) return isoBefore(date, lagMs, 86_400_000).slice(0, 10)
  const local = isoBefore(`${date}T${time}${seconds ?? ''}Z`, lagMs, seconds === undefined ? 60_000 : 1000)
  return local.slice(0, 10) + separator + local.slice(11, seconds === undefined ? 16 : 19) + fraction + zone
}

/** Without a zone it may be the time of the place that is furthest ahead of UTC. */
const FURTHEST_ZONE_MS = 14 * 3_600_000

/** Whether a date or date-time lies after `nowMs`, wherever it was written. False for what is none. */
export function isAhead(value: string, nowMs: number): boolean {
  const at = cursorMs(value)
  if (at === undefined) return false
  const zoned = !Number.isNaN(instantSeconds(value)) || DATE_TIME.exec(value)?.groups?.['zone'] !== undefined
  return at > nowMs + (zoned ? 0 : FURTHEST_ZONE_MS)
}

/** How long the first lies before the second; 0 where that cannot be told. */
export function distanceMs(early: string, later: string): number {
  const [from, to] = [instantOf(early), instantOf(later)]
  const apart =
    from && to
      ? (to.seconds - from.seconds) * 1000 + millis(to) - millis(from)
      : Number(later) - Number(early)
  return Number.isFinite(apart) ? Math.max(0, apart) : 0
}

/** Milliseconds since 1970, rounded down; undefined for what is no date and no date-time. */
export function cursorMs(value: string): number | undefined {
  const instant = instantOf(value)
  return instant && instant.seconds * 1000 + millis(instant)
}

interface Instant {
  seconds: number
  /** Digits of the second beyond the point, without trailing zeros. */
  fraction: string
}

function instantOf(text: string): Instant | undefined {
  const full = rfc3339Of(text)
  return full === undefined ? undefined : { seconds: instantSeconds(full), fraction: instantFraction(full) }
}

function compareTimes(one: Instant | undefined, two: Instant | undefined): number | undefined {
  if (!one || !two) return undefined
  if (one.seconds !== two.seconds) return one.seconds - two.seconds
  return one.fraction === two.fraction ? 0 : one.fraction < two.fraction ? -1 : 1
}

function compareNumbers(one: string, two: string): number | undefined {
  const [left, right] = [Decimal.parse(one), Decimal.parse(two)]
  if (!left || !right) return undefined
  const apart = Number(one) - Number(two)
  if (apart !== 0 || left.canonical() === right.canonical()) return apart
  return INTEGER.test(one) && INTEGER.test(two) ? Number(BigInt(one) - BigInt(two)) : undefined
}

function millis({ fraction }: Instant): number {
  return Number(fraction.slice(0, 3).padEnd(3, '0'))
}

/** Whole units before the time that are at least the lag. */
function isoBefore(time: string, lagMs: number, unit: number): string {
  return new Date(Date.parse(time) - Math.ceil(lagMs / unit) * unit).toISOString()
}
