import type { IExecuteFunctions } from 'n8n-workflow'
import { compileMapping } from '../../../shared/core/mapping/compile'
import type { Mapper } from '../../../shared/core/mapping/mapper'
import { Rejection } from '../../../shared/core/record/rejection'
import type { DataRecord } from '../../../shared/core/record/value'
import { valueOf, type InputRecords } from '../../host/items'
import type { Mapped } from './mapping'

/** Maps records, lets n8n compute what only n8n can, and remembers which item each mapped record comes from. */
export class ItemMapper implements Mapper {
  readonly part?: NonNullable<Mapper['part']>
  private readonly places = new WeakMap<DataRecord, number>()
  private readonly mapper: Mapper
  private readonly computed: Mapped['computed']

  /** @throws Fault MAPPING_INVALID, FIELD_NAME_REFUSED */
  constructor(
    private readonly node: IExecuteFunctions,
    mapped: Mapped,
    private readonly items: InputRecords,
    typed: boolean,
  ) {
    const mapper = compileMapping(mapped.map, { typed })
    this.mapper = mapper
    this.computed = mapped.computed
    if (mapper.part)
      this.part = (from, fields) => {
        const whole = this.withComputed(from)
        return whole instanceof Rejection ? undefined : mapper.part?.(whole, fields)
      }
  }

  map(...[from, ledger]: Parameters<Mapper['map']>): DataRecord | Rejection {
    const whole = this.withComputed(from)
    const mapped = whole instanceof Rejection ? whole : this.mapper.map(whole, ledger)
    const place = this.items.placeOf(from)
    if (place !== undefined && !(mapped instanceof Rejection)) this.places.set(mapped, place)
    return mapped
  }

  /** The item that a mapped record was made of. */
  placeOf(mapped: DataRecord): number | undefined {
    return this.places.get(mapped)
  }

  private withComputed(from: DataRecord): DataRecord | Rejection {
    const place = this.computed.size > 0 ? this.items.placeOf(from) : undefined
    if (place === undefined) return from
    const whole = { ...from }
    for (const [field, expression] of this.computed) {
      try {
        const value = valueOf(this.node.evaluateExpression(expression, place))
        if (value !== undefined) whole[field] = value
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error)
        return new Rejection('EXPRESSION_FAILED', `${expression.trim()}: ${why}`)
      }
    }
    return whole
  }
}
