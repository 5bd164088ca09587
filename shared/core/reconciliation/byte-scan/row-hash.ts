import { Decimal, plainNumber } from '../../record/decimal'
import type { DataRecord, Value } from '../../record/value'
import type { ByteScan } from './byte-scan'
import type { FieldPlan } from './column-plan'
import { Kind } from './walk-plan'

/** Puts the values of a record where those of a row stand, as if the row had them in the plainest notation. */
export class RowHash {
  constructor(
    private readonly scan: ByteScan,
    private readonly plan: FieldPlan,
  ) {}

  ofRecord(record: DataRecord): void {
    const { compared, names } = this.plan
    for (const field of compared) this.put(field, record[names[field] ?? ''])
  }

  private put(field: number, value: Value | undefined): void {
    const { scan } = this
    const { code } = scan
    if (value === undefined) code.putNothing(field, Kind.absent)
    else if (value === null) code.putNothing(field, Kind.null)
    else if (typeof value === 'boolean') code.putBoolean(field, value)
    else if (typeof value === 'string') {
      const { from, size } = scan.encode(value)
      code.putText(field, from, size)
    } else {
      const digits =
        value instanceof Decimal ? value.canonical() : typeof value === 'number' ? plainNumber(value) : ''
      const { from, size } = scan.encode(digits)
      code.putNumber(field, from, size)
    }
  }
}
