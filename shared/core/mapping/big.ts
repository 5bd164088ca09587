import Big from 'big.js'
import { Decimal, plainNumber } from '../record/decimal'

/** Half away from zero, as SQL has it; the text itself where it is no number. */
export function roundedText(text: string, decimals: number): string {
  const number = Decimal.parse(text)
  const big = number && toBig(number)
  return big ? big.round(decimals, Big.roundHalfUp).toFixed(Math.max(0, decimals)) : text
}

/**
 * A number for decimal arithmetic. Undefined for one that `Decimal` left with its exponent because it has more than
 * 10,000 digits: adding 1 to 1e999999999 would never end.
 */
export function toBig(value: number | Decimal): Big | undefined {
  const text = value instanceof Decimal ? value.text : plainNumber(value)
  return /e/i.test(text) ? undefined : new Big(text)
}
