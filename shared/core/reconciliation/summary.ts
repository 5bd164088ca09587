import Big from 'big.js'
import type { Break, BreakKind } from './break'
import type { GroupTotals } from './first-pass'
import type { MeasureTotals } from './measure-totals'
import { bigText, minusTexts } from './numbers'
import type { GroupTie, MeasureTie } from './reconciliation'
import type { ReconcileSettings } from './settings'

/** What breaks come to. Memory grows with the groups, not with the breaks. */
export class Summary {
  readonly states = { open: 0, pending: 0, accepted: 0 }
  readonly byKind: Record<BreakKind, number> = {
    'missing-in-source': 0,
    'missing-in-target': 0,
    duplicate: 0,
    differs: 0,
  }
  private readonly fields = new Map<string, number>()
  private readonly effects: Record<Break['state'], Big[]>
  private readonly groups = new Map<string, GroupBreaks>()

  constructor(private readonly settings: ReconcileSettings) {
    const zeros = (): Big[] => settings.measures.map(() => new Big(0))
    this.effects = { open: zeros(), pending: zeros(), accepted: zeros() }
  }

  /** Most breaks first. */
  byField(): { field: string; breaks: number }[] {
    return [...this.fields]
      .map(([field, breaks]) => ({ field, breaks }))
      .sort((a, b) => b.breaks - a.breaks || (a.field < b.field ? -1 : 1))
  }

  /** Open breaks of a group. */
  ofGroup(dimensions: readonly string[]): GroupBreaks {
    return this.groups.get(JSON.stringify(dimensions)) ?? NONE
  }

  measures(totals: readonly GroupTotals[], tolerated: readonly string[]): MeasureTie[] {
    return this.settings.measures.map(({ name }, i): MeasureTie => {
      const source = together(totals.flatMap((group) => group.source.measures[i] ?? []))
      const target = together(totals.flatMap((group) => group.target.measures[i] ?? []))
      const difference = minusTexts(source.sum, target.sum)
      const of = (state: Break['state']): Big => this.effects[state][i] ?? new Big(0)
      const left = new Big(difference).minus(of('pending')).minus(of('accepted'))
      const explained = of('open').plus(tolerated[i] ?? '0')
      const most = this.settings.totals[name]
      return {
        measure: name,
        source,
        target,
        difference,
        ofBreaks: bigText(of('open')),
        ofPending: bigText(of('pending')),
        ofAccepted: bigText(of('accepted')),
        tolerated: tolerated[i] ?? '0',
        tiesOut: most === undefined ? of('open').eq(0) && left.eq(explained) : left.abs().lte(most),
      }
    })
  }

  add(one: Break): void {
    this.states[one.state]++
    const effects = this.effects[one.state]
    for (const [i, effect] of one.effect.entries()) effects[i] = (effects[i] ?? new Big(0)).plus(effect)
    if (one.state !== 'open') return
    this.byKind[one.kind]++
    for (const { field } of one.fields) this.fields.set(field, (this.fields.get(field) ?? 0) + 1)
    this.addToGroup(one)
  }

  private addToGroup({ dimensions, effect }: Break): void {
    const name = JSON.stringify(dimensions)
    const group = this.groups.get(name) ?? { breaks: 0, over: [], under: [] }
    this.groups.set(name, group)
    group.breaks++
    for (const [i, text] of effect.entries()) {
      const part = text.startsWith('-') ? group.under : group.over
      part[i] = (part[i] ?? new Big(0)).plus(text)
    }
  }
}

/** Open breaks of a group; by measure, what they add to and take from its difference. */
export interface GroupBreaks {
  breaks: number
  over: (Big | undefined)[]
  under: (Big | undefined)[]
}

const NONE: GroupBreaks = { breaks: 0, over: [], under: [] }

/** Largest difference first. */
export function groupTies(totals: readonly GroupTotals[], summary: Summary): GroupTie[] {
  return totals
    .map((group) => {
      const differences = group.source.measures.map((measure, i) =>
        minusTexts(measure.sum, group.target.measures[i]?.sum ?? '0'),
      )
      const tie: GroupTie = { ...group, differences, breaks: summary.ofGroup(group.dimensions).breaks }
      return {
        tie,
        sizes: differences.map((difference) => new Big(difference).abs()),
        records: Math.abs(group.source.records - group.target.records),
        name: JSON.stringify(group.dimensions),
      }
    })
    .sort(byDifference)
    .map(({ tie }) => tie)
}

interface Sized {
  tie: GroupTie
  /** Of the differences, by measure. */
  sizes: readonly Big[]
  /** How many more one side has. */
  records: number
  name: string
}

function byDifference(one: Sized, two: Sized): number {
  for (const [i, size] of one.sizes.entries()) {
    const order = two.sizes[i]?.cmp(size) ?? 0
    if (order !== 0) return order
  }
  return two.records - one.records || two.tie.breaks - one.tie.breaks || (one.name < two.name ? -1 : 1)
}

function together(parts: readonly MeasureTotals[]): MeasureTotals {
  let sum = new Big(0)
  let count = 0
  const bounds = new ExactBounds()
  for (const part of parts) {
    sum = sum.plus(part.sum)
    count += part.count
    bounds.add(part)
  }
  return { count, sum: bigText(sum), ...bounds.found }
}

class ExactBounds {
  readonly found: { min?: string; max?: string } = {}

  add({ min, max }: MeasureTotals): void {
    const { found } = this
    if (min !== undefined && (found.min === undefined || new Big(min).lt(found.min))) found.min = min
    if (max !== undefined && (found.max === undefined || new Big(max).gt(found.max))) found.max = max
  }
}
