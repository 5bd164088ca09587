import Big from 'big.js'
import { plainNumber } from '../../record/decimal'
import { dimensionTexts, type DimensionText } from '../dimension'
import type { GroupTotals, SideTotals } from '../first-pass'
import type { MeasureTotals } from '../measure-totals'
import { bigText } from '../numbers'
import type { ReconcileSettings } from '../settings'
import type { Bytes } from './bytes'
import type { FieldPlan } from './column-plan'
import { GroupIndex, type StandingGroup } from './group-index'
import type { SideNumber } from './pair-table'
import type { RowSlots } from './row-slots'

/** Up to here doubles are exact, with room for one more addition of as much. */
const SAFE = 2 ** 52
/** Up to 15 digits a double and its decimal text are one to one (IEEE 754, DBL_DIG). */
const MOST = 1e15
const POWERS = Array.from({ length: 23 }, (_, power) => 10 ** power)
const FIRST_GROUPS = 64
/** The numbers of a group, side and measure, side by side. */
const COUNT = 0
const SUM = 1
const LOW = 2
const HIGH = 3
const NUMBERS = 4

/**
 * Totals by dimensions over the slots of a walk: counts and sums in typed arrays, in minor units. What does not fit in a
 * double is carried as an exact decimal.
 */
export class ByteTotals {
  private readonly groups = new GroupIndex()
  /** What values of each dimension are called. */
  private readonly texts: readonly DimensionText[]
  /** Fields that each measure multiplies, by their numbers; none: counts the records. */
  private readonly measures: readonly (readonly number[])[]
  private capacity = FIRST_GROUPS
  /** By group and side. */
  private records = new Float64Array(FIRST_GROUPS * 2)
  /** By group, side and measure. */
  private numbers: Float64Array
  /** Decimals of the minor unit, by measure. */
  private readonly scales: Int32Array
  private readonly carried = new Map<number, Big>()
  /** By measure, of the row at hand: digits, NaN where a field has no number, and how many are after the point. */
  private readonly digits: Float64Array
  private readonly decimals: Int32Array

  constructor(settings: ReconcileSettings, { measures }: FieldPlan) {
    this.texts = dimensionTexts(settings)
    this.measures = measures
    this.digits = new Float64Array(measures.length)
    this.decimals = new Int32Array(measures.length)
    this.numbers = new Float64Array(FIRST_GROUPS * 2 * measures.length * NUMBERS)
    this.scales = new Int32Array(measures.length)
  }

  /** Takes the measures of a row. @returns whether each can be added here: products have at most 15 digits */
  take(walk: RowSlots): boolean {
    const { measures, digits, decimals } = this
    for (let measure = 0; measure < measures.length; measure++) {
      const fields = measures[measure]
      if (!fields) break
      let product = 1
      let scale = 0
      for (let i = 0; i < fields.length; i++) {
        const field = fields[i] ?? 0
        product *= walk.digits[field] ?? NaN
        scale += walk.scale[field] ?? 0
      }
      if (product >= MOST || product <= -MOST || scale > 22) return false
      digits[measure] = product
      decimals[measure] = scale
    }
    return true
  }

  /** Adds what was taken. */
  add(side: SideNumber, group: StandingGroup, bytes: Bytes): void {
    const number = this.groups.numberOf(group, bytes)
    if (number >= this.capacity) this.lengthen()
    const row = number * 2 + side
    this.records[row] = (this.records[row] ?? 0) + 1
    const { digits, decimals } = this
    for (let measure = 0; measure < digits.length; measure++) {
      const number = digits[measure] ?? NaN
      if (number === number)
        this.addNumber(this.slotOf(row, measure), measure, number, decimals[measure] ?? 0)
    }
  }

  totals(): GroupTotals[] {
    return Array.from({ length: this.groups.size }, (_, group) => {
      const values = this.groups.valuesOf(group)
      const dimensions = this.texts.map((textOf, i) => textOf(values[i]))
      return { dimensions, source: this.sideTotals(group * 2), target: this.sideTotals(group * 2 + 1) }
    })
  }

  private addNumber(slot: number, measure: number, digits: number, scale: number): void {
    const { numbers } = this
    const value = scale === 0 ? digits : digits / (POWERS[scale] ?? NaN)
    const count = numbers[slot + COUNT] ?? 0
    numbers[slot + COUNT] = count + 1
    if (count === 0 || value < (numbers[slot + LOW] ?? 0)) numbers[slot + LOW] = value
    if (count === 0 || value > (numbers[slot + HIGH] ?? 0)) numbers[slot + HIGH] = value
    const unit = this.scales[measure] ?? 0
    if (scale > unit) this.raise(measure, scale)
    const units = scale < unit ? digits * (POWERS[unit - scale] ?? NaN) : digits
    const sum = (numbers[slot + SUM] ?? 0) + units
    if (sum < SAFE && sum > -SAFE && units < SAFE && units > -SAFE) numbers[slot + SUM] = sum
    else this.carry(slot, new Big(digits).times(new Big(`1e-${scale}`)))
  }

  /** Sums are from now on in smaller units. */
  private raise(measure: number, scale: number): void {
    const old = this.scales[measure] ?? 0
    const power = POWERS[scale - old] ?? NaN
    const { numbers } = this
    for (let slot = this.slotOf(0, measure); slot < numbers.length; slot += this.slotOf(1, 0)) {
      const sum = numbers[slot + SUM] ?? 0
      const raised = sum * power
      if (raised < SAFE && raised > -SAFE) numbers[slot + SUM] = raised
      else {
        numbers[slot + SUM] = 0
        this.carry(slot, new Big(sum).times(new Big(`1e-${old}`)))
      }
    }
    this.scales[measure] = scale
  }

  private carry(slot: number, value: Big): void {
    this.carried.set(slot, (this.carried.get(slot) ?? new Big(0)).plus(value))
  }

  private sideTotals(row: number): SideTotals {
    const { measures } = this
    return {
      records: this.records[row] ?? 0,
      measures: measures.map((_, measure) => this.measureTotals(this.slotOf(row, measure), measure)),
    }
  }

  private measureTotals(slot: number, measure: number): MeasureTotals {
    const [count = 0, units = 0, low = 0, high = 0] = this.numbers.subarray(slot, slot + NUMBERS)
    const text = decimalText(units, this.scales[measure] ?? 0)
    const carried = this.carried.get(slot)
    const sum = carried ? bigText(carried.plus(text)) : text
    return count === 0 ? { count, sum } : { count, sum, min: plainNumber(low), max: plainNumber(high) }
  }

  private slotOf(row: number, measure: number): number {
    return (row * this.measures.length + measure) * NUMBERS
  }

  private lengthen(): void {
    this.capacity *= 2
    this.records = longer(this.records)
    this.numbers = longer(this.numbers)
  }
}

function longer(old: Float64Array): Float64Array<ArrayBuffer> {
  const numbers = new Float64Array(old.length * 2)
  numbers.set(old)
  return numbers
}

/** Without an exponent, and without zeros at the end. @param units whole, and small enough to be exact */
function decimalText(units: number, scale: number): string {
  if (units === 0 || scale === 0) return String(units === 0 ? 0 : units)
  const digits = String(Math.abs(units)).padStart(scale + 1, '0')
  const decimals = digits.slice(-scale).replace(/0+$/, '')
  return `${units < 0 ? '-' : ''}${digits.slice(0, -scale)}${decimals === '' ? '' : '.'}${decimals}`
}
