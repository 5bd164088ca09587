import type Big from 'big.js'
import type { FieldBreak } from '../../break'
import { momentOf } from '../../moment'
import { bigIn } from '../../numbers'

/** A field that differs, and what its values are. */
export interface Difference extends FieldBreak {
  /**
   * Where the comparison took both for numbers, in the unit of the source. A text may be one where a side knows nothing
   * else; elsewhere its digits are a code.
   */
  numbers?: Both<Big>
  /** Two dates (`days`) or two date-times that are not the same, in milliseconds since 1970. */
  instants?: Both<number> & { days: boolean }
  texts?: Both<string>
}

export interface Both<T> {
  source: T
  target: T
}

export const DAY = 86_400_000
const DATE = /^\d{4}-\d\d-\d\d$/

export function differenceOf(field: FieldBreak): Difference {
  const { source, target } = field
  const found: Difference = { ...field }
  const numbers = numbersOf(field)
  if (numbers) found.numbers = numbers
  if (typeof source !== 'string' || typeof target !== 'string' || source === target) return found
  found.texts = { source, target }
  const instants = instantsOf(found.texts)
  if (instants) found.instants = instants
  return found
}

export function decimalsOf(number: Big): number {
  return Math.max(0, number.c.length - 1 - number.e)
}

function numbersOf({ source, difference }: FieldBreak): Difference['numbers'] {
  const number = difference === undefined ? undefined : bigIn(source)
  if (!number || difference === undefined || difference === '0') return undefined
  return { source: number, target: number.minus(difference) }
}

function instantsOf(texts: Both<string>): Difference['instants'] {
  const source = momentOf(texts.source)
  const target = source === undefined ? undefined : momentOf(texts.target)
  if (source === undefined || target === undefined || source === target) return undefined
  const days = DATE.test(texts.source)
  return days === DATE.test(texts.target) ? { source, target, days } : undefined
}
