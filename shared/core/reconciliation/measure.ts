import Big from 'big.js'
import type { Decimal } from '../record/decimal'
import type { DataRecord } from '../record/value'
import type { ExactSum } from './exact-sum'
import { bigIn, bigText, numberIn } from './numbers'
import type { ReconcileSettings } from './settings'

type SideName = 'source' | 'target'

/** A measure of a record. Numbers of the target are converted by the factors of their fields, as they are compared. */
export class MeasureReader {
  private readonly single: string | undefined
  private readonly factors: readonly number[]
  /** Of the record at hand: one list for all of them, so that a million make no garbage. */
  private readonly values: (number | Decimal)[] = []

  constructor(
    private readonly fields: readonly string[],
    compare: ReconcileSettings['compare'],
  ) {
    this.factors = fields.flatMap((field) => compare[field]?.factor ?? [])
    this.single = fields.length === 1 && this.factors.length === 0 ? fields[0] : undefined
  }

  addTo(sum: ExactSum, record: DataRecord, side: SideName): void {
    if (this.single !== undefined) {
      const value = numberIn(record[this.single])
      if (value !== undefined) sum.add(value)
    } else if (this.fields.length === 0) {
      sum.add(1)
    } else {
      const values = this.valuesOf(record, side)
      if (values) sum.addProduct(values)
    }
  }

  /** 0 where the record has no number there. */
  of(record: DataRecord, side: SideName): Big {
    let product = new Big(1)
    for (const value of this.valuesOf(record, side) ?? [0]) product = product.times(bigIn(value) ?? 0)
    return product
  }

  private valuesOf(record: DataRecord, side: SideName): readonly (number | Decimal)[] | undefined {
    const { values } = this
    values.length = 0
    if (side === 'target') values.push(...this.factors)
    for (const field of this.fields) {
      const value = numberIn(record[field])
      if (value === undefined) return undefined
      values.push(value)
    }
    return values
  }
}

export function measureReaders({ measures, compare }: ReconcileSettings): MeasureReader[] {
  return measures.map(({ fields }) => new MeasureReader(fields, compare))
}

/** What records add to source minus target, by measure, as decimal texts. */
export function effectOf(
  measures: readonly MeasureReader[],
  source: readonly DataRecord[],
  target: readonly DataRecord[],
): string[] {
  return measures.map((measure) => {
    let effect = new Big(0)
    for (const record of source) effect = effect.plus(measure.of(record, 'source'))
    for (const record of target) effect = effect.minus(measure.of(record, 'target'))
    return bigText(effect)
  })
}
