import Big from 'big.js'
import type { SnapshotTotals } from '../snapshot'
import { dimensionTexts } from './dimension'
import type { GroupTotals, SideTotals } from './first-pass'
import type { MeasureTotals } from './measure-totals'
import { addTexts, bigText } from './numbers'
import type { ReconcileSettings } from './settings'

/** Totals that both sides computed, by the dimensions as people read them: several finer groups may be one of these. */
export function mergeTotals(
  settings: ReconcileSettings,
  source: readonly SnapshotTotals[],
  target: readonly SnapshotTotals[],
): GroupTotals[] {
  const texts = dimensionTexts(settings)
  const nothing: SideTotals = {
    records: 0,
    measures: settings.measures.map(() => ({ count: 0, sum: '0' })),
  }
  const groups = new Map<string, GroupTotals>()
  const add = (side: 'source' | 'target', totals: SnapshotTotals): void => {
    const dimensions = texts.map((text, i) => text(totals.dimensions[i]))
    const name = JSON.stringify(dimensions)
    const group = groups.get(name) ?? { dimensions, source: nothing, target: nothing }
    groups.set(name, { ...group, [side]: merged(group[side], totals) })
  }
  for (const totals of source) add('source', totals)
  for (const totals of target) add('target', totals)
  return [...groups.values()]
}

function merged(one: SideTotals, two: Pick<SnapshotTotals, 'records' | 'measures'>): SideTotals {
  return {
    records: one.records + two.records,
    measures: one.measures.map((measure, i) => mergedMeasure(measure, two.measures[i])),
  }
}

function mergedMeasure(one: MeasureTotals, two: MeasureTotals | undefined): MeasureTotals {
  if (!two) return one
  const min = extreme(one.min, two.min, (a, b) => a.lt(b))
  const max = extreme(one.max, two.max, (a, b) => a.gt(b))
  return {
    count: one.count + two.count,
    sum: bigText(new Big(addTexts(one.sum, two.sum))),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
  }
}

function extreme(
  one: string | undefined,
  two: string | undefined,
  beats: (one: Big, two: Big) => boolean,
): string | undefined {
  if (one === undefined || two === undefined) {
    const only = one ?? two
    return only === undefined ? undefined : bigText(new Big(only))
  }
  const [a, b] = [new Big(one), new Big(two)]
  return bigText(beats(a, b) ? a : b)
}
