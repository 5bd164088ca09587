/** What a number format shows of a serial number. */
export type DateKind = 'date' | 'time' | 'date-time'

const DAY = 86_400_000

/** Number formats that every program knows by number (ECMA-376 part 1, 18.8.30). */
const BUILT_IN: readonly [from: number, to: number, kind: DateKind][] = [
  [14, 17, 'date'],
  [18, 21, 'time'],
  [22, 22, 'date-time'],
  [27, 31, 'date'],
  [32, 33, 'time'],
  [34, 36, 'date'],
  [50, 54, 'date'],
  [55, 56, 'time'],
  [57, 58, 'date'],
]

/** @returns undefined for formats of plain numbers and of durations such as [h]:mm */
export function dateKind(id: number, code: string | undefined): DateKind | undefined {
  if (code === undefined) return BUILT_IN.find(([from, to]) => id >= from && id <= to)?.[2]
  // durations count beyond 24 hours: they stay numbers of days
  if (/\[(?:h+|m+|s+)\]/i.test(code)) return undefined
  const signs = code.replace(/"[^"]*"|\\.|_.|\*.|\[[^\]]*\]/g, '').toLowerCase()
  const hasDay = /[yd]/.test(signs) || (/m/.test(signs) && !/[hs]/.test(signs))
  const hasTime = /[hs]/.test(signs)
  if (hasDay && hasTime) return 'date-time'
  return hasDay ? 'date' : hasTime ? 'time' : undefined
}

/**
 * ISO 8601 text of a serial number, to the millisecond. A workbook knows no time zone, so there is none in the text.
 * A date that has a time of day keeps it, whatever its format shows.
 */
export function dateText(serial: number, kind: DateKind, from1904: boolean): string | undefined {
  if (!Number.isFinite(serial) || serial < 0 || serial >= 2_958_466) return undefined
  const milliseconds = Math.round((serial % 1) * DAY)
  if (kind === 'time' && serial < 1) return timeText(milliseconds)
  const days = Math.floor(serial) + (from1904 ? 1462 : 0)
  // the calendar of 1900 has a 29 February that never was
  const epochDay = days < 60 ? days - 25_568 : days - 25_569
  const text = new Date(epochDay * DAY + milliseconds).toISOString()
  const date = text.slice(0, 10)
  return kind === 'date' && milliseconds === 0 ? date : `${date}T${shortened(text.slice(11, 23))}`
}

function timeText(milliseconds: number): string {
  return shortened(new Date(milliseconds).toISOString().slice(11, 23))
}

function shortened(time: string): string {
  return time.endsWith('.000') ? time.slice(0, 8) : time
}
