import Big from 'big.js'
import { toBig } from '../mapping/big'
import { Decimal, exactNumber } from '../record/decimal'
import type { Value } from '../record/value'

/** The number that a value is or, as a text, shows; undefined where it is none. */
export function numberIn(value: Value | undefined): number | Decimal | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  if (typeof value === 'string') return exactNumber(value)
  return value instanceof Decimal ? value : undefined
}

export function bigIn(value: Value | undefined): Big | undefined {
  const number = numberIn(value)
  return number === undefined ? undefined : toBig(number)
}

/** In full, without an exponent and without a minus before 0. */
export function bigText(value: Big): string {
  return value.eq(0) ? '0' : value.toFixed()
}

export function addTexts(one: string, two: string): string {
  if (one === '0') return two
  return two === '0' ? one : bigText(new Big(one).plus(two))
}

export function minusTexts(one: string, two: string): string {
  return one === two ? '0' : bigText(new Big(one).minus(two))
}
