import { DateTime } from 'luxon'
import type { Hours, Policy, Window } from './policy'

const DAY = { days: 1 } as const

/** The window that `now` is in; undefined outside the hours of the policy. */
export function windowAt({ windowSeconds, hours }: Policy, now: number): Window | undefined {
  if (hours) return spanAt(hours, now)
  const length = windowSeconds * 1000
  const begin = Math.floor(now / length) * length
  return { begin, end: begin + length }
}

/** The span between the times of day that `now` is in; undefined outside. Over midnight where `to` is not after `from`. */
function spanAt(hours: Hours, now: number): Window | undefined {
  const today = DateTime.fromMillis(now, { zone: hours.zone })
  // one that began yesterday may still go on
  return [today.minus(DAY), today]
    .map((day) => spanOf(hours, day))
    .find(({ begin, end }) => begin <= now && now < end)
}

/** The span that is under way, or the next to begin. */
export function nextSpan(hours: Hours, now: number): Window {
  const today = DateTime.fromMillis(now, { zone: hours.zone })
  const spans = [today.minus(DAY), today, today.plus(DAY)].map((day) => spanOf(hours, day))
  return spans.find(({ end }) => now < end) ?? spanOf(hours, today)
}

function spanOf({ from, to }: Hours, day: DateTime): Window {
  const begin = at(day, from)
  const end = at(day, to)
  return { begin: begin.toMillis(), end: (end > begin ? end : at(day.plus(DAY), to)).toMillis() }
}

function at(day: DateTime, time: string): DateTime {
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  return day.set({ hour, minute, second: 0, millisecond: 0 })
}
