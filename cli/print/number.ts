/** 1,234,567 */
export function count(number: number): string {
  return number.toLocaleString('en-US')
}

/** '0.4 s', '3 s', '4 min 10 s', '2 h 5 min' */
export function duration(ms: number): string {
  if (ms < 950) return `${Number((ms / 1000).toFixed(1))} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return joined(`${minutes} min`, seconds % 60, 's')
  return joined(`${Math.floor(minutes / 60)} h`, minutes % 60, 'min')
}

function joined(whole: string, rest: number, unit: string): string {
  return rest === 0 ? whole : `${whole} ${rest} ${unit}`
}

/** '2026-05-04 10:00:00' in UTC */
export function time(at: number | string): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ')
}
