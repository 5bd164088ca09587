import type { Difference } from './common/difference'
import { inEveryField, listed, type CauseRule } from './common/rule'

const QUARTER_HOUR = 15 * 60_000
const HOUR = 60
/** Zones reach from -12:00 to +14:00. */
const FARTHEST = 14 * HOUR

export const timeZone: CauseRule = {
  id: 'time-zone',
  title: 'Time zone',
  atLeast: 3,
  find: (one) => inEveryField(one, shifts),
  says: ({ fields, param }) => `${listed(fields)} of the target is ${told(param)} than at the source`,
  advice: ({ fields }) =>
    `One side writes ${listed(fields)} in local time without its zone, or reads it as another zone: give its ` +
    `mapping the right "zone", or have it sent with its offset.`,
}

/** The shift alone, and with the hour that summer time adds to or takes from it. */
function shifts({ instants }: Difference): string[] {
  if (!instants || instants.days) return []
  const shift = instants.target - instants.source
  if (shift % QUARTER_HOUR !== 0 || Math.abs(shift) > FARTHEST * 60_000) return []
  const minutes = shift / 60_000
  return [String(minutes), `${minutes} ${minutes + HOUR}`, `${minutes - HOUR} ${minutes}`]
}

function told(param: string): string {
  const shifts = param.split(' ').map(Number)
  const sizes = shifts.map(Math.abs).sort((a, b) => a - b)
  const direction = shifts.every((one) => one >= 0)
    ? 'later'
    : shifts.every((one) => one <= 0)
      ? 'earlier'
      : 'off'
  return `${sizes.map(hours).join(' or ')} h ${direction}`
}

function hours(minutes: number): string {
  const rest = minutes % HOUR
  return rest === 0 ? String(minutes / HOUR) : `${(minutes - rest) / HOUR}:${rest}`
}
