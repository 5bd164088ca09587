import type { GroupTie } from './reconciliation'
import { bigText } from './numbers'
import type { ReconcileSettings } from './settings'
import type { Summary } from './summary'

const SHOWN = 20

/** Groups whose totals agree although their records do not, in words. */
export function offsettingErrors(
  totals: readonly GroupTie[],
  { dimensions, measures }: ReconcileSettings,
  summary: Summary,
): string[] {
  const found: string[] = []
  for (const group of totals) {
    const { breaks, over, under } = summary.ofGroup(group.dimensions)
    if (breaks === 0) continue
    for (const [i, { name }] of measures.entries()) {
      const [plus, minus] = [over[i], under[i]]
      if (group.differences[i] !== '0' || !plus || !minus || plus.eq(0)) continue
      const where = dimensions
        .map((dimension, at) => `${dimension.name} ${group.dimensions[at] ?? ''}`)
        .join(', ')
      found.push(
        `${where === '' ? 'Over everything' : where}: ${name} is ${group.source.measures[i]?.sum ?? ''} on both sides, but ` +
          `${breaks} breaks hide in it that cancel out (+${bigText(plus)} and ${bigText(minus)}).`,
      )
    }
  }
  if (found.length <= SHOWN) return found
  return [...found.slice(0, SHOWN), `And ${found.length - SHOWN} more groups.`]
}
