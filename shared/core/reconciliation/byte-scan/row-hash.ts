import { Decimal, plainNumber } from '../../record/decimal'
import type { DataRecord, Value } from '../../record/value'
import type { FieldPlan } from './column-plan'
import { Kind, avalanche, mixA, mixB } from './lanes'
import { Scratch } from './bytes'
import type { RowSlots } from './row-slots'

/** The hash of a row over its compared fields, in their order: 64 bits in two lanes. */
export class RowHash {
  a = 0
  b = 0
  private readonly scratch = new Scratch()

  constructor(private readonly plan: FieldPlan) {}

  ofWalk({ a: lanesA, b: lanesB }: RowSlots): void {
    const { compared } = this.plan
    let a = 0
    let b = 0
    for (let i = 0; i < compared.length; i++) {
      const field = compared[i] ?? 0
      a = mixA(a, lanesA[field] ?? 0)
      b = mixB(b, lanesB[field] ?? 0)
    }
    this.a = avalanche(a)
    this.b = avalanche(b)
  }

  /** The same hash that the row would have in the plainest notation of its values. */
  ofRecord(record: DataRecord, walk: RowSlots): void {
    const { compared, names } = this.plan
    for (const field of compared) this.value(record[names[field] ?? ''], field, walk)
    this.ofWalk(walk)
  }

  private value(value: Value | undefined, field: number, walk: RowSlots): void {
    if (value === undefined) walk.nothing(field, Kind.absent)
    else if (value === null) walk.nothing(field, Kind.null)
    else if (typeof value === 'boolean') walk.put(field, Kind.boolean, value ? 1 : 0, 0)
    else if (typeof value === 'string') {
      const length = this.scratch.encode(value)
      walk.textValue(field, this.scratch, 0, length)
    } else {
      const digits =
        value instanceof Decimal ? value.canonical() : typeof value === 'number' ? plainNumber(value) : ''
      const length = this.scratch.encode(digits)
      walk.numberValue(field, this.scratch, length)
    }
  }
}
