const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
/** Days of the year before each month, and the days that a year brings. */
const BEFORE = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]
const MINUS = 45
const PLUS = 43
const POINT = 46
const COLON = 58
const ZERO = 48
const T = 84
const Z = 90
const MOST_PLACES = 9
const SECONDS_END = 19

export interface Instant {
  /** Since 1970. */
  seconds: number
  /** The digits after the second's point, without zeros at the end, and how many they are. */
  fraction: number
  places: number
  /** Date and time to the second stand there as they are shown in UTC. */
  shown: boolean
}

/**
 * An RFC 3339 date-time with its zone as `record/instant.ts` reads it, from bytes.
 * @returns false for anything else, and for more than nine decimals
 */
export function instantAt(bytes: Uint8Array, from: number, to: number, into: Instant): boolean {
  if (to - from < 20 || bytes[from + 10] !== T || bytes[from + 4] !== MINUS || bytes[from + 7] !== MINUS)
    return false
  if (bytes[from + 13] !== COLON || bytes[from + 16] !== COLON) return false
  const year = two(bytes, from) * 100 + two(bytes, from + 2)
  const month = two(bytes, from + 5)
  const day = two(bytes, from + 8)
  const hour = two(bytes, from + 11)
  const minute = two(bytes, from + 14)
  const second = two(bytes, from + 17)
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= (DAYS[month - 1] ?? 0))) return false
  let i = from + SECONDS_END
  let fraction = 0
  let places = 0
  if (bytes[i] === POINT) {
    const first = ++i
    for (; i < to; i++) {
      const digit = (bytes[i] ?? 0) - ZERO
      if (!(digit >= 0 && digit <= 9)) break
      fraction = fraction * 10 + digit
    }
    places = i - first
    if (places > MOST_PLACES) return false
    while (places > 0 && fraction % 10 === 0) {
      fraction /= 10
      places--
    }
  }
  const zone = zoneMinutes(bytes, i, to)
  const seconds = (dayNumber(year, month, day) * 1440 + hour * 60 + minute - zone) * 60 + second
  // NaN where a digit or the zone was none
  if (!(seconds === seconds)) return false
  into.seconds = seconds
  into.fraction = fraction
  into.places = places
  const inOrder = hour < 24 && minute < 60 && second < 60 && (month !== 2 || day < 29)
  into.shown = inOrder && bytes[i] === Z
  return true
}

/** Whether this, if it is an instant, is written as `printInstant` writes it: in UTC, without zeros after the second. */
export function isPlainInstant(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from < 20 || bytes[to - 1] !== Z || bytes[from + 10] !== T) return false
  return to - from === 20 || bytes[to - 2] !== ZERO
}

/** @returns how many bytes it wrote of the instant that was read at `from` */
export function printInstant(instant: Instant, bytes: Uint8Array, from: number, into: Uint8Array): number {
  const { seconds, places, shown } = instant
  const text = shown ? '' : new Date(seconds * 1000).toISOString().slice(0, -5)
  let end = shown ? SECONDS_END : text.length
  for (let i = 0; i < end; i++) into[i] = shown ? (bytes[from + i] ?? 0) : text.charCodeAt(i)
  if (places > 0) {
    into[end++] = POINT
    let { fraction } = instant
    for (let i = places - 1; i >= 0; i--) {
      into[end + i] = ZERO + (fraction % 10)
      fraction = Math.floor(fraction / 10)
    }
    end += places
  }
  into[end] = Z
  return end + 1
}

function zoneMinutes(bytes: Uint8Array, at: number, to: number): number {
  const sign = bytes[at]
  if (sign === Z) return at + 1 === to ? 0 : NaN
  if ((sign !== PLUS && sign !== MINUS) || at + 6 !== to || bytes[at + 3] !== COLON) return NaN
  const minutes = two(bytes, at + 1) * 60 + two(bytes, at + 4)
  return sign === PLUS ? minutes : -minutes
}

/** Days since 1970 in the Gregorian calendar; 29 February of other years is 1 March. */
function dayNumber(year: number, month: number, day: number): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const before = year - 1
  const leaps = Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400)
  return 365 * (year - 1970) + leaps - 477 + (BEFORE[month - 1] ?? 0) + (leap && month > 2 ? 1 : 0) + day - 1
}

function two(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] ?? 0) - ZERO
  const ones = (bytes[at + 1] ?? 0) - ZERO
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NaN
}
