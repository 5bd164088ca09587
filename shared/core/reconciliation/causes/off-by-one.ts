import { DAY, type Difference } from './common/difference'
import { inEveryField, listed, type CauseRule } from './common/rule'

export const offByOne: CauseRule = {
  id: 'off-by-one',
  title: 'A day or a month off',
  atLeast: 2,
  share: 0.01,
  find: (one) => inEveryField(one, steps),
  says: ({ fields, param }) => `${listed(fields)} of the target is ${param}`,
  advice: ({ fields, param }) =>
    param.includes('month')
      ? `Months are counted from 0 on one side and from 1 on the other: correct how ${listed(fields)} is written.`
      : `A date was made of a date-time in another time zone, or one side counts the last day and the other does ` +
        `not: write ${listed(fields)} as a date without time, or give its mapping the right "zone".`,
}

function steps({ instants }: Difference): string[] {
  if (!instants) return []
  const { source, target } = instants
  const days = (target - source) / DAY
  if (Math.abs(days) === 1) return [days > 0 ? 'one day later' : 'one day earlier']
  const months = monthOf(target) - monthOf(source)
  if (Math.abs(months) !== 1 || dayOfMonth(target) !== dayOfMonth(source)) return []
  return [months > 0 ? 'one month later' : 'one month earlier']
}

function monthOf(ms: number): number {
  const date = new Date(ms)
  return date.getUTCFullYear() * 12 + date.getUTCMonth()
}

/** Day and time of day. */
function dayOfMonth(ms: number): number {
  return new Date(ms).getUTCDate() * DAY + (((ms % DAY) + DAY) % DAY)
}
