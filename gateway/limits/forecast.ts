import type { LimitState } from './limits'

/** Whether so many records fit what is left: `Forecast` of the contract. */
export function forecast(limits: readonly LimitState[], records: number): object {
  const after = limits
    .filter(({ unit }) => unit === 'records')
    .map(({ name, left }) => ({ name, left, after: left - records }))
  const tightest = after.reduce<(typeof after)[number] | undefined>(
    (least, one) => (least === undefined || one.after < least.after ? one : least),
    undefined,
  )
  const fits = tightest === undefined || tightest.after >= 0
  const count = records.toLocaleString('en')
  const sentence = tightest
    ? `Tonight's ${count} fit: ${fits ? 'yes' : 'no'}. The tightest limit is ${tightest.name}: ${tightest.left.toLocaleString('en')} left.`
    : `Tonight's ${count} fit: yes. Records are not limited.`
  return { records, fits, sentence, limits: after }
}
