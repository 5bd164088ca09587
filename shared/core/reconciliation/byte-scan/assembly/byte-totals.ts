import { Room } from './memory'
import { POWERS, Slot, slotOf } from './row-slots'

/** Up to 15 digits a double and its decimal text are one to one (IEEE 754, DBL_DIG). */
const MOST: f64 = 1e15
const MOST_SCALE: i32 = 15
/** So many numbers of 15 digits, in units of 15 decimals, fit in 128 bits for sure. */
const MOST_NUMBERS: f64 = 1e8

/** A measure, and its number in the row at hand. */
@unmanaged
class Measure {
  /** Fields that it multiplies; none: it counts the records. */
  fields: i32 = 0
  /** Where they stand in `factors`. */
  first: i32 = 0
  /** Decimals of the unit that it is added up in. */
  unit: i32 = 0
  /** Digits as an integer, and how many are after the point; -1 where a field has no number. */
  digits: i64 = 0
  scale: i32 = 0
}

/** Of a group, side and measure. */
@unmanaged
class Sum {
  count: f64 = 0
  low: f64 = 0
  high: f64 = 0
  /** 128 bits of units. */
  units: u64 = 0
  unitsHigh: i64 = 0

  add(measure: Measure): void {
    const digits = measure.digits
    const value = measure.scale == 0 ? (digits as f64) : (digits as f64) / (POWERS[measure.scale] as f64)
    if (this.count == 0 || value < this.low) this.low = value
    if (this.count == 0 || value > this.high) this.high = value
    this.count++
    if (measure.scale == measure.unit) this.addUnits(digits as u64, digits >> 63)
    else {
      const power = POWERS[measure.unit - measure.scale] as u64
      this.addUnits(
        (digits as u64) * power,
        (digits >> 63) * (power as i64) + (highOf(digits as u64, power) as i64),
      )
    }
  }

  multiply(power: u64): void {
    this.unitsHigh = this.unitsHigh * (power as i64) + (highOf(this.units, power) as i64)
    this.units = this.units * power
  }

  private addUnits(units: u64, high: i64): void {
    const sum = this.units + units
    this.unitsHigh += high + (sum < units ? 1 : 0)
    this.units = sum
  }
}

const MEASURE: i32 = offsetof<Measure>() as i32
const SUM: i32 = offsetof<Sum>() as i32
/** Rows of a group and side stand before their sums. */
const ROWS: i32 = 8

const measures = new Room()
let measureCount: i32 = 0
/** The slots of the fields of all measures. */
const factors = new Room()
let factorCount: i32 = 0
/** By group and side: how many rows, and the sums. */
const totals = new Room()

/** Its fields are added next. */
export function addMeasure(): void {
  measures.reserve((measureCount + 1) * MEASURE)
  const measure = measureOf(measureCount++)
  measure.fields = 0
  measure.first = factorCount
  measure.unit = 0
}

/** A field that the measure that was added last multiplies. */
export function addFactor(field: i32): void {
  factors.reserve((factorCount + 1) << 2)
  store<Slot>(factors.at + (factorCount++ << 2), slotOf(field))
  measureOf(measureCount - 1).fields++
}

/** Takes the measures of the row at hand. @returns whether each can be added here: products have at most 15 digits */
export function takeMeasures(): bool {
  for (let i = 0; i < measureCount; i++) if (!take(measureOf(i))) return false
  return true
}

/** Adds what was taken. @returns false, and adds nothing, where sums might become too large */
export function addTotals(group: i32, side: i32): bool {
  const size = ROWS + measureCount * SUM
  const at = ((group << 1) | side) * size
  totals.reserveZeroed(((group + 1) << 1) * size)
  const row = totals.at + at
  for (let i = 0; i < measureCount; i++) if (sumAt(row, i).count >= MOST_NUMBERS) return false
  store<f64>(row, load<f64>(row) + 1)
  for (let i = 0; i < measureCount; i++) {
    const measure = measureOf(i)
    if (measure.scale < 0) continue
    if (measure.scale > measure.unit) raise(i, measure)
    sumAt(row, i).add(measure)
  }
  return true
}

export function groupRows(group: i32, side: i32): f64 {
  return load<f64>(rowAt(group, side))
}

export function sumCount(group: i32, side: i32, measure: i32): f64 {
  return sumOf(group, side, measure).count
}

export function sumLow(group: i32, side: i32, measure: i32): f64 {
  return sumOf(group, side, measure).low
}

export function sumHigh(group: i32, side: i32, measure: i32): f64 {
  return sumOf(group, side, measure).high
}

/** The lower half of its units, without a sign. */
export function sumUnits(group: i32, side: i32, measure: i32): u64 {
  return sumOf(group, side, measure).units
}

/** The upper half, with the sign. */
export function sumUnitsHigh(group: i32, side: i32, measure: i32): i64 {
  return sumOf(group, side, measure).unitsHigh
}

/** Decimals of the unit. */
export function unitOf(measure: i32): i32 {
  return measureOf(measure).unit
}

function take(measure: Measure): bool {
  let product: i64 = 1
  let scale = 0
  measure.scale = -1
  for (let i = 0; i < measure.fields; i++) {
    const slot = load<Slot>(factors.at + ((measure.first + i) << 2))
    if (!slot.hasNumber) return true
    const size = Math.abs((product as f64) * (slot.digits as f64))
    scale += slot.scale
    if (size >= MOST || scale > MOST_SCALE) return false
    product *= slot.digits
  }
  measure.digits = product
  measure.scale = scale
  return true
}

/** Sums are from now on in smaller units. */
function raise(at: i32, measure: Measure): void {
  const power = POWERS[measure.scale - measure.unit] as u64
  const size = ROWS + measureCount * SUM
  for (let row: usize = 0; row + size <= totals.size; row += size) sumAt(totals.at + row, at).multiply(power)
  measure.unit = measure.scale
}

function measureOf(at: i32): Measure {
  return changetype<Measure>(measures.at + at * MEASURE)
}

function rowAt(group: i32, side: i32): usize {
  return totals.at + ((group << 1) | side) * (ROWS + measureCount * SUM)
}

function sumOf(group: i32, side: i32, measure: i32): Sum {
  return sumAt(rowAt(group, side), measure)
}

function sumAt(row: usize, measure: i32): Sum {
  return changetype<Sum>(row + ROWS + measure * SUM)
}

/** The upper half of a product of 128 bits. */
function highOf(one: u64, other: u64): u64 {
  const low: u64 = 0xffffffff
  const middle = (one >> 32) * (other & low) + (((one & low) * (other & low)) >> 32)
  return (one >> 32) * (other >> 32) + (middle >> 32) + (((one & low) * (other >> 32) + (middle & low)) >> 32)
}
