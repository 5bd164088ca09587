import Big from 'big.js'
import type { GroupTotals, SideTotals } from '../first-pass'
import type { MeasureTotals } from '../measure-totals'
import { addTexts } from '../numbers'

/** Totals of different rows of the same sides as one list. */
export function mergedTotals(...lists: readonly (readonly GroupTotals[])[]): GroupTotals[] {
  const merged = new Map<string, GroupTotals>()
  for (const group of lists.flat()) {
    const name = JSON.stringify(group.dimensions)
    const other = merged.get(name)
    merged.set(
      name,
      other
        ? { ...group, source: both(other.source, group.source), target: both(other.target, group.target) }
        : group,
    )
  }
  return [...merged.values()]
}

function both(one: SideTotals, two: SideTotals): SideTotals {
  return {
    records: one.records + two.records,
    measures: one.measures.map((measure, i) => added(measure, two.measures[i])),
  }
}

function added(one: MeasureTotals, two: MeasureTotals | undefined): MeasureTotals {
  if (!two || two.count === 0) return one
  if (one.count === 0) return two
  return {
    count: one.count + two.count,
    sum: addTexts(one.sum, two.sum),
    ...pick('min', one.min, two.min, -1),
    ...pick('max', one.max, two.max, 1),
  }
}

function pick(
  name: 'min' | 'max',
  one: string | undefined,
  two: string | undefined,
  sign: number,
): Partial<MeasureTotals> {
  if (one === undefined || two === undefined) return {}
  return { [name]: new Big(one).cmp(two) === sign ? one : two }
}
