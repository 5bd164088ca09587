import { sameValue } from '../../record/canonical'
import { Decimal } from '../../record/decimal'
import { reader } from '../../mapping/path'
import { isList, isObject, type DataRecord, type Value } from '../../record/value'
import { patterns, type PatternName } from './patterns'

export type Kind = 'text' | 'number' | 'boolean' | 'list' | 'object'

/** What can be told of one value. Of a personal field only those of the first group are asked: none shows the value. */
export type Trait =
  | { is: 'absent' | 'null' | 'empty' }
  | { is: 'type'; type: Kind }
  /** Characters of a text, items of a list. */
  | { is: 'at-least-long' | 'at-most-long'; length: number }
  | { is: 'equal'; value: Value }
  | { is: 'one-of'; values: readonly Value[] }
  | { is: 'pattern'; pattern: PatternName }
  | { is: 'no-pattern'; pattern: PatternName }
  | { is: 'prefix'; prefix: string }
  | { is: 'at-least' | 'at-most'; number: number }
  /** Runs of small letters, capitals and digits as one `a`, `A` and `9`; everything else as it stands. */
  | { is: 'shape'; shape: string }

/** A trait of the value at a path of the source record. */
export interface Condition {
  path: readonly string[]
  trait: Trait
}

/** Of two conditions that separate equally well the one whose trait stands first is told: the plainer one. */
export const TRAIT_ORDER: readonly Trait['is'][] = [
  'absent',
  'null',
  'empty',
  'type',
  'equal',
  'pattern',
  'no-pattern',
  'prefix',
  'at-least',
  'at-most',
  'at-least-long',
  'at-most-long',
  'one-of',
  'shape',
]

export function compileCondition({ path, trait }: Condition): (record: DataRecord) => boolean {
  const read = reader(path)
  const holds = compileTrait(trait)
  return (record) => holds(read(record))
}

function compileTrait(trait: Trait): (value: Value | undefined) => boolean {
  switch (trait.is) {
    case 'absent':
      return (value) => value === undefined
    case 'null':
      return (value) => value === null
    case 'empty':
      return (value) => value === ''
    case 'type':
      return (value) => kindOf(value) === trait.type
    case 'at-least-long':
      return (value) => (lengthOf(value) ?? -1) >= trait.length
    case 'at-most-long':
      return (value) => (lengthOf(value) ?? Infinity) <= trait.length
    case 'equal':
      return (value) => sameValue(value, trait.value)
    case 'one-of':
      return (value) => trait.values.some((one) => sameValue(value, one))
    case 'pattern':
      return (value) => typeof value === 'string' && patterns[trait.pattern].test(value)
    case 'no-pattern':
      return (value) => typeof value === 'string' && value !== '' && !patterns[trait.pattern].test(value)
    case 'prefix':
      return (value) => typeof value === 'string' && value.startsWith(trait.prefix)
    case 'at-least':
      return (value) => (numberOf(value) ?? -Infinity) >= trait.number
    case 'at-most':
      return (value) => (numberOf(value) ?? Infinity) <= trait.number
    case 'shape':
      return (value) => typeof value === 'string' && shapeOf(value) === trait.shape
  }
}

/** Undefined for absent, null and '': those are traits of their own. */
export function kindOf(value: Value | undefined): Kind | undefined {
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value === 'string') return 'text'
  if (typeof value === 'boolean') return 'boolean'
  if (isList(value)) return 'list'
  return isObject(value) ? 'object' : 'number'
}

/** Undefined for what has no length, and for '', which is a trait of its own. */
export function lengthOf(value: Value | undefined): number | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value.length
  return isList(value) ? value.length : undefined
}

/** Also of a text that is a number: sources such as CSV know only texts. */
export function numberOf(value: Value | undefined): number | undefined {
  if (typeof value === 'number') return value
  if (value instanceof Decimal) return Number(value.text)
  return typeof value === 'string' && patterns.number.test(value) ? Number(value) : undefined
}

export function shapeOf(text: string): string {
  return text
    .slice(0, 80)
    .replace(/\p{Ll}+/gu, 'a')
    .replace(/[\p{Lu}\p{Lt}\p{Lo}]+/gu, 'A')
    .replace(/\p{Nd}+/gu, '9')
}
