const DAYS: StaticArray<i32> = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
/** Days of the year before each month. */
const BEFORE: StaticArray<i32> = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]
const MINUS: i32 = 45
const PLUS: i32 = 43
const POINT: i32 = 46
const COLON: i32 = 58
const ZERO: i32 = 48
const T: i32 = 84
const Z: i32 = 90
const MOST_PLACES: i32 = 9
const SECONDS_END: usize = 19
const NO_ZONE: i32 = i32.MIN_VALUE

/** The instant that was read last: seconds since 1970; the digits after the second's point, and how many they are. */
export let seconds: i64 = 0
let fraction: i32 = 0
let places: i32 = 0
/** Date and time to the second stand there as they are shown in UTC. */
let shown: bool = false

/**
 * An RFC 3339 date-time with its zone as `record/instant.ts` reads it, from bytes.
 * @returns false for anything else, and for more than nine decimals
 */
export function instantAt(from: usize, to: usize): bool {
  if (to - from < 20 || byte(from + 10) != T || byte(from + 4) != MINUS || byte(from + 7) != MINUS)
    return false
  if (byte(from + 13) != COLON || byte(from + 16) != COLON) return false
  const century = two(from)
  const year = century * 100 + two(from + 2)
  const month = two(from + 5)
  const day = two(from + 8)
  const hour = two(from + 11)
  const minute = two(from + 14)
  const second = two(from + 17)
  if (century < 0 || two(from + 2) < 0 || hour < 0 || minute < 0 || second < 0) return false
  if (month < 1 || month > 12 || day < 1 || day > DAYS[month - 1]) return false
  const zoneAt = readFraction(from + SECONDS_END, to)
  const zone = places > MOST_PLACES ? NO_ZONE : zoneMinutes(zoneAt, to)
  if (zone == NO_ZONE) return false
  const minutes = (dayNumber(year, month, day) as i64) * 1440 + ((hour * 60 + minute - zone) as i64)
  seconds = minutes * 60 + (second as i64)
  const inOrder = hour < 24 && minute < 60 && second < 60 && (month != 2 || day < 29)
  shown = inOrder && byte(zoneAt) == Z
  return true
}

/** Whether this, if it is an instant, is written as `printInstant` writes it: in UTC, without zeros after the second. */
export function isPlainInstant(from: usize, to: usize): bool {
  if (to - from < 20 || byte(to - 1) != Z || byte(from + 10) != T) return false
  return to - from == 20 || byte(to - 2) != ZERO
}

/** @returns how many bytes it wrote of the instant that was read at `from` */
export function printInstant(from: usize, into: usize): usize {
  let end = into + SECONDS_END
  if (shown) memory.copy(into, from, SECONDS_END)
  else end = printSeconds(into)
  if (places > 0) {
    store<u8>(end++, POINT)
    printDigits(end, fraction, places)
    end += places
  }
  store<u8>(end, Z)
  return end + 1 - into
}

/** Without zeros at the end. @returns where it ends */
function readFraction(from: usize, to: usize): usize {
  fraction = 0
  places = 0
  if (byte(from) != POINT) return from
  let at = from + 1
  let digits: i64 = 0
  for (; at < to; at++) {
    const digit = byte(at) - ZERO
    if (digit < 0 || digit > 9) break
    // of more than nine digits nothing is used
    if (++places <= MOST_PLACES) digits = digits * 10 + digit
  }
  if (places > MOST_PLACES) return at
  while (places > 0 && digits % 10 == 0) {
    digits /= 10
    places--
  }
  fraction = digits as i32
  return at
}

function zoneMinutes(at: usize, to: usize): i32 {
  const sign = byte(at)
  if (sign == Z) return at + 1 == to ? 0 : NO_ZONE
  if ((sign != PLUS && sign != MINUS) || at + 6 != to || byte(at + 3) != COLON) return NO_ZONE
  const hours = two(at + 1)
  const minutes = two(at + 4)
  if (hours < 0 || minutes < 0) return NO_ZONE
  return sign == PLUS ? hours * 60 + minutes : -(hours * 60 + minutes)
}

/** Days since 1970 in the Gregorian calendar; 29 February of other years is 1 March. */
function dayNumber(year: i32, month: i32, day: i32): i32 {
  const afterFebruary = isLeap(year) && month > 2 ? 1 : 0
  return daysBefore(year) + BEFORE[month - 1] + afterFebruary + day - 1
}

/** Days from 1970 to the first of a year. */
function daysBefore(year: i32): i32 {
  // moved by whole cycles of the calendar, so that divisions are of positive numbers
  const before = year + 399
  return 365 * (year - 1970) + before / 4 - before / 100 + before / 400 - 477 - 97
}

function isLeap(year: i32): bool {
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
}

/** Of the calendar in UTC. @returns where it ends */
function printSeconds(into: usize): usize {
  let day = (seconds / 86400) as i32
  let rest = (seconds % 86400) as i32
  if (rest < 0) {
    rest += 86400
    day--
  }
  let year = 1970 + day / 366
  while (daysBefore(year + 1) <= day) year++
  while (daysBefore(year) > day) year--
  day -= daysBefore(year)
  let month = 12
  while (day < BEFORE[month - 1] + (isLeap(year) && month > 2 ? 1 : 0)) month--
  day -= BEFORE[month - 1] + (isLeap(year) && month > 2 ? 1 : 0)
  // a zone leads one year beyond those of four digits: more digits there are no other instant's
  const size = year >= 0 && year < 10000 ? 4 : 6
  printDigits(into, year >= 0 ? year : 990000 - year, size)
  const at = into + size
  printPart(at, MINUS, month)
  printPart(at + 3, MINUS, day + 1)
  printPart(at + 6, T, rest / 3600)
  printPart(at + 9, COLON, (rest / 60) % 60)
  printPart(at + 12, COLON, rest % 60)
  return at + 15
}

function printPart(at: usize, sign: i32, value: i32): void {
  store<u8>(at, sign)
  printDigits(at + 1, value, 2)
}

function printDigits(at: usize, value: i32, size: i32): void {
  let rest = value
  for (let i = size - 1; i >= 0; i--) {
    store<u8>(at + i, ZERO + (rest % 10))
    rest /= 10
  }
}

/** -1 where they are no digits. */
export function two(at: usize): i32 {
  const tens = byte(at) - ZERO
  const ones = byte(at + 1) - ZERO
  return (tens as u32) <= 9 && (ones as u32) <= 9 ? tens * 10 + ones : -1
}

function byte(at: usize): i32 {
  return load<u8>(at) as i32
}
