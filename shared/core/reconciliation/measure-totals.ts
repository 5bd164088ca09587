/** Exact: decimal texts. `count` are the records that have a number there; the others add nothing. */
export interface MeasureTotals {
  count: number
  sum: string
  min?: string
  max?: string
}
