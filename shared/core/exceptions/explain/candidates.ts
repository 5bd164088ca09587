import { reader } from '../../mapping/path'
import { canonicalText } from '../../record/canonical'
import { isObject, isScalar, type DataRecord, type Value } from '../../record/value'
import { kindOf, lengthOf, numberOf, shapeOf, type Condition, type Trait } from './condition'
import { expectable, patternNames, patterns } from './patterns'

/** A condition that fewer of the failures meet is no candidate. */
const LEAST_SUPPORT = 0.5
const MOST_FIELDS = 500
const DEPTH = 4
/** Values of a field that one condition may list. */
const MOST_VALUES = 5
const LONGEST_PREFIX = 12

export interface Samples {
  failed: readonly DataRecord[]
  passed: readonly DataRecord[]
}

/** Paths of the fields, also inside of objects, in alphabetical order. */
export function fieldsOf({ failed, passed }: Samples): (readonly string[])[] {
  const found = new Map<string, readonly string[]>()
  for (const record of [...failed, ...passed]) addFields(record, [], found)
  return [...found.keys()]
    .sort()
    .slice(0, MOST_FIELDS)
    .map((name) => found.get(name) ?? [])
}

function addFields(
  record: { readonly [field: string]: Value },
  parent: readonly string[],
  found: Map<string, readonly string[]>,
): void {
  for (const [name, value] of Object.entries(record)) {
    const path = [...parent, name]
    found.set(path.join('\0'), path)
    if (isObject(value) && path.length < DEPTH) addFields(value, path, found)
  }
}

/** What the value of a field says of most of the failures. */
export function candidatesOf(path: readonly string[], samples: Samples, personal: boolean): Condition[] {
  const read = reader(path)
  const values = samples.failed.map(read)
  const others = samples.passed.map(read)
  const least = Math.max(1, values.length * LEAST_SUPPORT)
  const traits = [...hidden(values, others, least), ...(personal ? [] : open(values, others, least))]
  return traits.map((trait) => ({ path, trait }))
}

/** Traits that do not show the value. */
function hidden(values: Values, others: Values, least: number): Trait[] {
  const traits: Trait[] = []
  const enough = (holds: (value: Value | undefined) => boolean): boolean =>
    values.filter(holds).length >= least
  if (enough((value) => value === undefined)) traits.push({ is: 'absent' })
  if (enough((value) => value === null)) traits.push({ is: 'null' })
  if (enough((value) => value === '')) traits.push({ is: 'empty' })
  for (const type of ['text', 'number', 'boolean', 'list', 'object'] as const) {
    if (enough((value) => kindOf(value) === type)) traits.push({ is: 'type', type })
  }
  const lengths = splits(defined(values, lengthOf), defined(others, lengthOf), least)
  for (const length of lengths.atLeast) traits.push({ is: 'at-least-long', length })
  for (const length of lengths.atMost) traits.push({ is: 'at-most-long', length })
  return traits
}

function open(values: Values, others: Values, least: number): Trait[] {
  const texts = values.filter((value) => typeof value === 'string').filter((text) => text !== '')
  const traits: Trait[] = equalTraits(values, least)
  for (const pattern of patternNames) {
    if (texts.filter((text) => patterns[pattern].test(text)).length >= least)
      traits.push({ is: 'pattern', pattern })
  }
  for (const pattern of expectable) {
    if (texts.filter((text) => !patterns[pattern].test(text)).length >= least)
      traits.push({ is: 'no-pattern', pattern })
  }
  for (const prefix of frequent(texts.flatMap(prefixesOf), least)) traits.push({ is: 'prefix', prefix })
  for (const shape of frequent(texts.map(shapeOf), least)) traits.push({ is: 'shape', shape })
  const numbers = splits(defined(values, numberOf), defined(others, numberOf), least)
  for (const number of numbers.atLeast) traits.push({ is: 'at-least', number })
  for (const number of numbers.atMost) traits.push({ is: 'at-most', number })
  return traits
}

function equalTraits(values: Values, least: number): Trait[] {
  const counts = new Map<string, { value: Value; count: number }>()
  for (const value of values) {
    if (value === undefined || value === null || value === '' || !isScalar(value)) continue
    const text = canonicalText(value)
    const counted = counts.get(text)
    if (counted) counted.count++
    else counts.set(text, { value, count: 1 })
  }
  const traits: Trait[] = []
  for (const [, { value, count }] of [...counts].sort(byName))
    if (count >= least) traits.push({ is: 'equal', value })
  // values that hardly come twice are no list that anybody keeps
  const several = counts.size > 1 && counts.size <= MOST_VALUES && counts.size * 3 <= values.length
  if (several && sumOf([...counts.values()].map(({ count }) => count)) >= least)
    traits.push({ is: 'one-of', values: [...counts].sort(byName).map(([, { value }]) => value) })
  return traits
}

function prefixesOf(text: string): string[] {
  const longest = Math.min(LONGEST_PREFIX, text.length - 1)
  return Array.from({ length: Math.max(0, longest) }, (_, i) => text.slice(0, i + 1))
}

function frequent(texts: readonly string[], least: number): string[] {
  const counts = new Map<string, number>()
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1)
  return [...counts.keys()].filter((text) => (counts.get(text) ?? 0) >= least).sort()
}

/**
 * Bounds that most failures lie beyond: one that all of them keep and one that parts them best from the others, which
 * is not the same where some failures have another reason.
 */
function splits(
  failed: readonly number[],
  passed: readonly number[],
  least: number,
): { atLeast: number[]; atMost: number[] } {
  if (failed.length < least || failed.length === 0) return { atLeast: [], atMost: [] }
  const up = [...failed].sort((one, other) => one - other)
  const others = [...passed].sort((one, other) => one - other)
  const negated = (sorted: readonly number[]): number[] => sorted.map((value) => -value).reverse()
  const positive = (value: number): number => (value === 0 ? 0 : -value)
  return {
    atLeast: bounds(up, others, least),
    atMost: bounds(negated(up), negated(others), least).map(positive),
  }
}

/** The least failing value, and the one at which most failures and fewest others are at or above. */
function bounds(failed: readonly number[], passed: readonly number[], least: number): number[] {
  let below = 0
  let best = { bound: failed[0] ?? 0, gain: -Infinity }
  for (const [i, bound] of failed.entries()) {
    if (failed.length - i < least) break
    while (below < passed.length && (passed[below] ?? 0) < bound) below++
    const gain = (failed.length - i) / failed.length - (passed.length - below) / Math.max(1, passed.length)
    if (gain > best.gain) best = { bound, gain }
  }
  return [...new Set([failed[0] ?? 0, best.bound])]
}

function defined<T>(values: Values, of: (value: Value | undefined) => T | undefined): T[] {
  return values.map(of).filter((found) => found !== undefined)
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0)
}

function byName([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1
}

type Values = readonly (Value | undefined)[]
