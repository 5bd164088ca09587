import type { DataRecord } from '../record/value'
import { momentOf } from './moment'
import { inOrder } from './pairing'

const DAY = 86_400_000

interface Cluster {
  source: DataRecord[]
  target: DataRecord[]
}

/**
 * Pairs whose dates are no further apart than so many days, as many as there can be: both sides in the order of their
 * dates, earliest first. What has no partner, or no date, is a cluster on one side only.
 */
export function withinDaysOf(
  source: readonly DataRecord[],
  target: readonly DataRecord[],
  { field, withinDays }: { field: string; withinDays: number },
): Cluster[] {
  const [sources, targets] = [byDate(source, field), byDate(target, field)]
  const clusters: Cluster[] = []
  let [i, j] = [0, 0]
  for (;;) {
    const one = sources[i]
    const two = targets[j]
    if (!one && !two) return clusters
    if (one && two && Math.abs(one.moment - two.moment) <= withinDays * DAY) {
      clusters.push({ source: [one.record], target: [two.record] })
      i++
      j++
    } else if (one && (!two || !(two.moment <= one.moment))) {
      clusters.push({ source: [one.record], target: [] })
      i++
    } else if (two) {
      clusters.push({ source: [], target: [two.record] })
      j++
    }
  }
}

/** A record without a date comes last, where it is near to nothing. */
function byDate(records: readonly DataRecord[], field: string): { record: DataRecord; moment: number }[] {
  return inOrder(records)
    .map((record) => ({ record, moment: momentOf(record[field]) ?? NaN }))
    .sort((a, b) => a.moment - b.moment || Number(Number.isNaN(a.moment)) - Number(Number.isNaN(b.moment)))
}
