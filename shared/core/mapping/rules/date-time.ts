import { DateTime, IANAZone } from 'luxon'
import { Fault } from '../../fault'
import type { Ledger } from '../../record/ledger'
import { textOf } from '../../record/value'
import type { FieldRule } from '../definition'
import { onScalar, refuse, shown, type Place, type Step } from '../step'

/** RFC 3339 with the parts of ISO 8601 that people send: a space for the T, no seconds, +0200. */
const ISO_DATE_TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d)?([.,]\d+)?\s?(Z|[+-]\d\d(?::?\d\d)?)?$/i
const ISO_DATE = /^\d{4}-\d\d-\d\d$/

/** Luxon tokens that carry a zone or an instant. */
const ZONED = /Z|z|X|x/

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
    if (!ISO_DATE.test(day) || !DateTime.fromISO(day).isValid) return refuseMoment(place, text, '2024-05-31')
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
  return (text) => {
    const match = ISO_DATE_TIME.exec(text)
    if (!match) return undefined
    const [, date = '', minutes = '', seconds = ':00', fraction = '', offset] = match
    const local = `${date}T${minutes}${seconds}`
    const written = fraction.replace(',', '.')
    if (offset !== undefined) {
      const moment = local + written + normalOffset(offset)
      return DateTime.fromISO(moment).isValid ? { text: moment, zoneAssumed: false } : undefined
    }
    if (zone === undefined) return undefined
    const found = earliest(DateTime.fromISO(local, { zone }))
    if (!found.isValid) return undefined
    return { text: found.toFormat("yyyy-MM-dd'T'HH:mm:ss") + written + offsetOf(found), zoneAssumed: true }
  }
}

function readFormat(format: string, zone: string | undefined): (text: string) => Moment | undefined {
  // what stands in quotes is no token
  const zoned = ZONED.test(format.replace(/'[^']*'/g, ''))
  return (text) => {
    if (!zoned && zone === undefined) return undefined
    const parsed = DateTime.fromFormat(text, format, { zone: zone ?? 'utc', setZone: zoned, locale: 'en' })
    const found = zoned ? parsed : earliest(parsed)
    if (!found.isValid) return undefined
    const fraction = found.millisecond === 0 ? '' : found.toFormat('.SSS')
    return { text: found.toFormat("yyyy-MM-dd'T'HH:mm:ss") + fraction + offsetOf(found), zoneAssumed: !zoned }
  }
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
