import type { LimitState } from './limits'

interface Left {
  name: string
  left: number
  after: number
}

/** Whether so many records fit what is left tonight: `Forecast` of the contract. */
export function forecast(limits: readonly LimitState[], records: number): object {
  const counted = limits.filter(({ unit }) => unit === 'records')
  const leftOf = ({ name, left }: LimitState): Left => ({ name, left, after: left - records })
  const always = counted.filter(({ hours }) => hours === undefined).map(leftOf)
  // of limits that take turns, a job at night needs the roomiest only
  const inTurn = counted.filter(({ hours }) => hours !== undefined).map(leftOf)
  const after = [...always, ...inTurn.toSorted((one, other) => other.after - one.after).slice(0, 1)]
  const [tightest] = after.toSorted((one, other) => one.after - other.after)
  const fits = tightest === undefined || tightest.after >= 0
  const count = records.toLocaleString('en')
  const sentence = tightest
    ? `Tonight's ${count} fit: ${fits ? 'yes' : 'no'}. The tightest limit is ${tightest.name}: ${tightest.left.toLocaleString('en')} left.`
    : `Tonight's ${count} fit: yes. Records are not limited.`
  return { records, fits, sentence, limits: after }
}
