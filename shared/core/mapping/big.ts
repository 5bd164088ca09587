import Big from 'big.js'
import { Decimal, plainNumber } from '../record/decimal'

/**
 * A number for decimal arithmetic. Undefined for one that `Decimal` left with its exponent because it has more than
 * 10,000 digits: adding 1 to 1e999999999 would never end.
 */
export function toBig(value: number | Decimal): Big | undefined {
  const text = value instanceof Decimal ? value.text : plainNumber(value)
  return /e/i.test(text) ? undefined : new Big(text)
}
