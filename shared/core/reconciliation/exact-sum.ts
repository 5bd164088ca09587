import Big from 'big.js'
import { toBig } from '../mapping/big'
import type { Decimal } from '../record/decimal'
import type { MeasureTotals } from './measure-totals'
import { bigText } from './numbers'

const POWERS = [1, 10, 100, 1e3, 1e4, 1e5, 1e6] as const
const MOST_DIGITS = POWERS.length - 1
/** Up to 15 digits a double and its decimal text are one to one (IEEE 754, DBL_DIG). */
const MOST_UNITS = 1e15

/**
 * Sum, smallest and largest of numbers, exact to the last digit: integers of minor units while they are safe in a double,
 * exact decimals beyond.
 */
export class ExactSum {
  private count = 0
  private units = 0
  /** Decimals of the minor unit. */
  private digits = 0
  private rest: Big | undefined
  private low: number | Big | undefined
  private high: number | Big | undefined

  add(value: number | Decimal): void {
    if (typeof value === 'number') {
      let digits = this.digits
      let units = unitsOf(value, digits)
      while (units === undefined && digits < MOST_DIGITS) units = unitsOf(value, ++digits)
      if (units !== undefined) {
        this.addUnits(units, digits, value)
        return
      }
    }
    const exact = toBig(value)
    if (exact) this.addBig(exact)
  }

  /** Several numbers multiplied. */
  addProduct(values: readonly (number | Decimal)[]): void {
    if (this.addMinorProduct(values)) return
    let product = new Big(1)
    for (const value of values) {
      const factor = toBig(value)
      if (!factor) return
      product = product.times(factor)
    }
    const double = product.toNumber()
    if (Number.isFinite(double) && new Big(double).eq(product)) this.add(double)
    else this.addBig(product)
  }

  totals(): MeasureTotals {
    const sum = new Big(`${this.units}e-${this.digits}`).plus(this.rest ?? 0)
    return {
      count: this.count,
      sum: bigText(sum),
      ...(this.low === undefined ? {} : { min: bigText(new Big(this.low)) }),
      ...(this.high === undefined ? {} : { max: bigText(new Big(this.high)) }),
    }
  }

  /** In whole minor units, where all of it is exact in a double. */
  private addMinorProduct(values: readonly (number | Decimal)[]): boolean {
    let product = 1
    let allDigits = 0
    for (const value of values) {
      if (typeof value !== 'number') return false
      let digits = 0
      let units = unitsOf(value, 0)
      while (units === undefined && digits < MOST_DIGITS) units = unitsOf(value, ++digits)
      if (units === undefined) return false
      product *= units
      allDigits += digits
    }
    if (allDigits > MOST_DIGITS || Math.abs(product) >= MOST_UNITS) return false
    this.addUnits(product, allDigits, product / (POWERS[allDigits] ?? 1))
    return true
  }

  private addUnits(minor: number, digits: number, value: number): void {
    let units = minor
    if (digits < this.digits) {
      const raised = units * (POWERS[this.digits - digits] ?? 1)
      if (!Number.isSafeInteger(raised)) {
        this.addBig(new Big(`${units}e-${digits}`))
        return
      }
      units = raised
    } else if (digits > this.digits) {
      const raised = this.units * (POWERS[digits - this.digits] ?? 1)
      if (Number.isSafeInteger(raised)) this.units = raised
      else this.flush()
      this.digits = digits
    }
    if (!Number.isSafeInteger(this.units + units)) this.flush()
    this.units += units
    this.count++
    if (this.low === undefined || isLess(value, this.low)) this.low = value
    if (this.high === undefined || isLess(this.high, value)) this.high = value
  }

  private addBig(value: Big): void {
    this.rest = (this.rest ?? new Big(0)).plus(value)
    this.count++
    if (this.low === undefined || isLess(value, this.low)) this.low = value
    if (this.high === undefined || isLess(this.high, value)) this.high = value
  }

  private flush(): void {
    this.rest = new Big(`${this.units}e-${this.digits}`).plus(this.rest ?? 0)
    this.units = 0
  }
}

/** The number in units of 10^-digits, where it is a whole number of them. */
function unitsOf(value: number, digits: number): number | undefined {
  const power = POWERS[digits] ?? 1
  const units = Math.round(value * power)
  return units / power === value && Math.abs(units) < MOST_UNITS ? units : undefined
}

function isLess(one: number | Big, two: number | Big): boolean {
  return typeof one === 'number' && typeof two === 'number' ? one < two : new Big(one).lt(two)
}
