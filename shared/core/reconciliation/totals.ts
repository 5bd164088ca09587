import type { DataRecord } from '../record/value'
import { dimensionTexts, type DimensionText } from './dimension'
import { ExactSum } from './exact-sum'
import type { GroupTotals, SideTotals } from './first-pass'
import { measureReaders, type MeasureReader } from './measure'
import type { ReconcileSettings } from './settings'

/** Adds up every record of both sides by the dimensions. Memory grows with the number of groups. */
export class Totals {
  private readonly texts: readonly DimensionText[]
  private readonly fields: readonly string[]
  private readonly measures: readonly MeasureReader[]
  private readonly root = new Group([])
  private readonly found: Group[] = []

  constructor(settings: ReconcileSettings) {
    this.texts = dimensionTexts(settings)
    this.fields = settings.dimensions.map(({ field }) => field)
    this.measures = measureReaders(settings)
    if (this.fields.length === 0) this.found.push(this.root)
  }

  source(record: DataRecord): void {
    this.add(this.groupOf(record).source, record, 'source')
  }

  target(record: DataRecord): void {
    this.add(this.groupOf(record).target, record, 'target')
  }

  groups(): GroupTotals[] {
    return this.found.map(({ dimensions, source, target }) => ({
      dimensions,
      source: this.sideTotals(source),
      target: this.sideTotals(target),
    }))
  }

  private add(side: SideSums, record: DataRecord, name: 'source' | 'target'): void {
    side.records++
    for (let i = 0; i < this.measures.length; i++) {
      const sum = (side.sums[i] ??= new ExactSum())
      this.measures[i]?.addTo(sum, record, name)
    }
  }

  /** One map for each dimension, so that no two groups share a joined name. */
  private groupOf(record: DataRecord): Group {
    let group = this.root
    for (let i = 0; i < this.fields.length; i++) {
      const text = this.texts[i]?.(record[this.fields[i] ?? '']) ?? ''
      let inner = group.inner.get(text)
      if (!inner) {
        inner = new Group([...group.dimensions, text])
        group.inner.set(text, inner)
        if (i === this.fields.length - 1) this.found.push(inner)
      }
      group = inner
    }
    return group
  }

  private sideTotals({ records, sums }: SideSums): SideTotals {
    return { records, measures: this.measures.map((_, i) => (sums[i] ?? new ExactSum()).totals()) }
  }
}

interface SideSums {
  records: number
  sums: ExactSum[]
}

class Group {
  readonly inner = new Map<string, Group>()
  readonly source: SideSums = { records: 0, sums: [] }
  readonly target: SideSums = { records: 0, sums: [] }

  constructor(readonly dimensions: readonly string[]) {}
}
