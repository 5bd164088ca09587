import type Big from 'big.js'
import type { FieldBreak } from '../break'
import { bigIn } from '../numbers'

/**
 * Two numbers that differ, in the unit of the source; undefined unless the comparison took both for numbers. A text
 * may be one where a side knows nothing else; elsewhere its digits are a code.
 */
export function numbersOf({ source, difference }: FieldBreak): { source: Big; target: Big } | undefined {
  const number = difference === undefined ? undefined : bigIn(source)
  if (!number || difference === undefined || difference === '0') return undefined
  return { source: number, target: number.minus(difference) }
}

export function decimalsOf(number: Big): number {
  return Math.max(0, number.c.length - 1 - number.e)
}
