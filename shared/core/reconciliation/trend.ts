import type { Reconciliation, TrendPoint } from './reconciliation'

/** Earlier reconciliations that a report shows. */
export const TREND_LENGTH = 12

/** @param earlier newest first, as the store lists them; those that failed say nothing */
export function trendOf(earlier: readonly Reconciliation[]): TrendPoint[] {
  return earlier
    .filter(({ status }) => status !== 'failed')
    .slice(0, TREND_LENGTH)
    .map(({ id, ended, breaks, measures }) => ({
      id,
      ended,
      open: breaks.open,
      difference: measures.map(({ difference }) => difference),
    }))
    .reverse()
}
