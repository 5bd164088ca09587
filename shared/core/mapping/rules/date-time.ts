import { DateTime, IANAZone } from 'luxon'
import { Fault } from '../../fault'
import type { Ledger } from '../../record/ledger'
import { textOf } from '../../record/value'
import type { FieldRule } from '../definition'
import { onScalar, refuse, shown, type Place, type Step } from '../step'

/** RFC 3339 with the parts of ISO 8601 that people send: a space for the T, no seconds, +0200. */
const ISO_DATE_TIME =
  /^(\d{4}-\d\d-\d\d)[T ]((?:[01]\d|2[0-3]):[0-5]\d)(:[0-5]\d)?([.,]\d+)?\s?(Z|[+-][01]\d(?::?[0-5]\d)?)?$/i
const ISO_DATE = /^(\d{4})-(\d\d)-(\d\d)$/

const LOCAL = "yyyy-MM-dd'T'HH:mm:ss"

type Moment = { text: string; zoneAssumed: boolean }

/**
 * ISO 8601 with its offset. A text without a zone takes that of `zone`: a time that a change of the clock left out moves
 * on by the gap, one that comes twice is the first of the two (as RFC 5545 and Temporal's `compatible` read it).
 */
export function toDateTime(place: Place, rule: FieldRule): Step {
  const zone = parseZone(place, rule.zone)
  const read = rule.format === undefined ? readIso(zone) : readFormat(rule.format, zone)
  const expected =
    rule.format ?? (zone ? '2024-05-31T14:00:00' : '2024-05-31T14:00:00+02:00, or name a zone in map')
  return moments(place, read, expected)
}

/** A calendar date. Of a date-time the date as written stays and the time is cut off. */
export function toDate(place: Place, rule: FieldRule): Step {
  const { format } = rule
  return onScalar(place, 'type', (value, ledger) => {
    const text = textOf(value)
    if (format !== undefined) {
      const found = DateTime.fromFormat(text, format, { setZone: true, locale: 'en' })
      return found.isValid ? found.toISODate() : refuseMoment(place, text, format)
    }
    const [, date] = ISO_DATE_TIME.exec(text) ?? []
    const day = date ?? text
    if (!isDate(day)) return refuseMoment(place, text, '2024-05-31')
    if (date !== undefined) ledger.note(place.field, 'TRUNCATED')
    return day
  })
}

function moments(place: Place, read: (text: string) => Moment | undefined, expected: string): Step {
  return onScalar(place, 'type', (value, ledger: Ledger) => {
    const text = textOf(value)
    const moment = read(text)
    if (!moment) return refuseMoment(place, text, expected)
    if (moment.zoneAssumed) ledger.note(place.field, 'ZONE_ASSUMED')
    return moment.text
  })
}

/** Digits of the seconds' fraction stay as they are: luxon would cut them to milliseconds. */
function readIso(zone: string | undefined): (text: string) => Moment | undefined {
  const offsetOn = zone === undefined ? undefined : steadyOffsets(zone)
  return (text) => {
    const match = ISO_DATE_TIME.exec(text)
    if (!match) return undefined
    const [, date = '', minutes = '', seconds = ':00', fraction = '', offset] = match
    if (!isDate(date)) return undefined
    const local = `${date}T${minutes}${seconds}`
    const written = fraction.replace(',', '.')
    if (offset !== undefined) return { text: local + written + normalOffset(offset), zoneAssumed: false }
    if (zone === undefined || !offsetOn) return undefined
    const steady = offsetOn(date)
    if (steady !== undefined) return { text: local + written + steady, zoneAssumed: true }
    const found = earliest(DateTime.fromISO(local, { zone }))
    return { text: found.toFormat(LOCAL) + written + offsetOf(found), zoneAssumed: true }
  }
}

/** The offset of a day on which, and around which, the zone does not change its clock; kept, as days come again. */
function steadyOffsets(zone: string): (date: string) => string | undefined {
  const known = new Map<string, string | undefined>()
  const read = (date: string): string | undefined => {
    const noon = DateTime.fromISO(`${date}T12:00:00`, { zone })
    return noon.minus({ days: 1 }).offset === noon.plus({ days: 1 }).offset ? offsetOf(noon) : undefined
  }
  return (date) => {
    if (known.has(date)) return known.get(date)
    if (known.size === 10_000) known.clear()
    const offset = read(date)
    known.set(date, offset)
    return offset
  }
}

/** Whether the calendar has this day. */
function isDate(text: string): boolean {
  const [, year, month, day] = ISO_DATE.exec(text) ?? []
  if (day === undefined) return false
  const found = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  return found.getUTCMonth() + 1 === Number(month) && found.getUTCDate() === Number(day)
}

function readFormat(format: string, zone: string | undefined): (text: string) => Moment | undefined {
  const epoch = epochs[format]
  if (epoch !== undefined) return readEpoch(epoch, zone)
  // what stands in quotes is no token
  const zoned = /z/i.test(format.replace(/'[^']*'/g, ''))
  return (text) => {
    if (!zoned && zone === undefined) return undefined
    const parsed = DateTime.fromFormat(text, format, { zone: zone ?? 'utc', setZone: zoned, locale: 'en' })
    const found = zoned ? parsed : earliest(parsed)
    return found.isValid ? { text: toIso(found), zoneAssumed: !zoned } : undefined
  }
}

/** Luxon prints these tokens, Unix time in seconds and in milliseconds, but does not read them. */
const epochs: Readonly<Record<string, number>> = { X: 1000, x: 1 }

function readEpoch(unit: number, zone = 'utc'): (text: string) => Moment | undefined {
  return (text) => {
    const found = /^-?\d+(?:\.\d+)?$/.test(text)
      ? DateTime.fromMillis(Number(text) * unit, { zone })
      : undefined
    return found?.isValid === true ? { text: toIso(found), zoneAssumed: false } : undefined
  }
}

function toIso(moment: DateTime): string {
  const fraction = moment.millisecond === 0 ? '' : moment.toFormat('.SSS')
  return moment.toFormat(LOCAL) + fraction + offsetOf(moment)
}

/** Of the instants that a local time may mean, the first. */
function earliest(local: DateTime): DateTime {
  const [first] = local.getPossibleOffsets()
  return first ?? local
}

function offsetOf(moment: DateTime): string {
  return moment.offset === 0 && moment.zoneName === 'UTC' ? 'Z' : moment.toFormat('ZZ')
}

function normalOffset(offset: string): string {
  if (offset === 'Z' || offset === 'z') return 'Z'
  const digits = offset.replace(':', '')
  return `${digits.slice(0, 3)}:${digits.slice(3) || '00'}`
}

function parseZone(place: Place, zone: string | undefined): string | undefined {
  if (zone === undefined || zone === 'UTC' || IANAZone.isValidZone(zone)) return zone
  throw new Fault(
    'MAPPING_INVALID',
    `map: ${place.field} names the zone "${zone}"; write one such as Europe/Berlin`,
  )
}

function refuseMoment(place: Place, text: string, expected: string) {
  return refuse(place, 'VALUE_NOT_CONVERTIBLE', `is ${shown(place, text)}; send it as ${expected}`)
}
