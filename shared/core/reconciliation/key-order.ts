import Big from 'big.js'
import { exactNumber } from '../record/decimal'

/**
 * The order of keys on sides that are sorted, part by part: date-times with a zone by their instant, other texts by the
 * bytes of their UTF-8, and a part that holds numbers by their value. No two keys are equal but those with the same texts.
 * @param one its texts as `RuleKey` gives them
 * @param numbers by part, whether it holds numbers
 */
export function compareKeys(
  one: readonly string[],
  two: readonly string[],
  numbers: readonly boolean[],
): number {
  for (let i = 0; i < one.length; i++) {
    const [a = '', b = ''] = [one[i], two[i]]
    if (a === b) continue
    return numbers[i] === true
      ? compareNumbers(a, b)
      : isInstant(a, b)
        ? compareInstants(a, b)
        : compareBytes(a, b)
  }
  return 0
}

/** What is no number comes after all numbers. */
function compareNumbers(one: string, two: string): number {
  const a = exactNumber(one)
  const b = exactNumber(two)
  if (a === undefined || b === undefined) {
    if (a === b) return compareBytes(one, two)
    return a === undefined ? 1 : -1
  }
  const order = typeof a === 'number' && typeof b === 'number' ? a - b : new Big(String(a)).cmp(String(b))
  return order === 0 ? compareBytes(one, two) : order
}

function isInstant(one: string, two: string): boolean {
  return one.startsWith('\0') && two.startsWith('\0')
}

/** Of texts as `instantText` gives them: the fraction counts up from the second, before 1970 too. */
function compareInstants(one: string, two: string): number {
  const [a = '', afterA = ''] = one.slice(1).split('.')
  const [b = '', afterB = ''] = two.slice(1).split('.')
  return Number(a) - Number(b) || compareBytes(afterA, afterB)
}

function compareBytes(one: string, two: string): number {
  const length = Math.min(one.length, two.length)
  for (let i = 0; i < length; i++) {
    const [a, b] = [one.charCodeAt(i), two.charCodeAt(i)]
    if (a !== b) return rank(a) - rank(b)
  }
  return one.length - two.length
}

/** In UTF-8, what takes two units of UTF-16 comes last. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800
}
