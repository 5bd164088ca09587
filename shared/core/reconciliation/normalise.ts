import { Decimal, plainNumber } from '../record/decimal'
import type { Hasher } from '../record/hash'
import { instantFraction, instantSeconds } from '../record/instant'
import type { DataRecord, Value } from '../record/value'
import type { KeyField, MatchRule } from './settings'

/** A part of a key as one text, the same for all values that are to agree; undefined where there is none. */
export type KeyPart = (value: Value | undefined) => string | undefined

/**
 * The key of a match rule: the fields that agree exactly after they were made alike. Those that agree within days are
 * left to pairing.
 */
export class RuleKey {
  readonly fields: readonly string[]
  private readonly parts: readonly KeyPart[]

  constructor(rule: MatchRule) {
    const exact = rule.on.filter(({ withinDays }) => withinDays === 0)
    this.fields = exact.map(({ field }) => field)
    this.parts = exact.map(keyPart)
  }

  /** Sets the lanes of the hasher. @returns false for a record without the key */
  hash(record: DataRecord, hasher: Hasher): boolean {
    let seed = this.fields.length
    for (let i = 0; i < this.fields.length; i++) {
      const part = this.part(record, i)
      if (part === undefined) return false
      seed = Math.imul(hasher.text(part, seed).a, 31) ^ hasher.b
    }
    return true
  }

  /** Undefined for a record without the key. */
  texts(record: DataRecord): string[] | undefined {
    const texts: string[] = []
    for (let i = 0; i < this.fields.length; i++) {
      const part = this.part(record, i)
      if (part === undefined) return undefined
      texts.push(part)
    }
    return texts
  }

  same(one: DataRecord, two: DataRecord): boolean {
    for (let i = 0; i < this.fields.length; i++) {
      const field = this.fields[i] ?? ''
      if (one[field] !== two[field] && this.part(one, i) !== this.part(two, i)) return false
    }
    return true
  }

  private part(record: DataRecord, at: number): string | undefined {
    return this.parts[at]?.(record[this.fields[at] ?? ''])
  }
}

/** What makes a value of a key alike on both sides: 7 is '7', and the same instant in two zones is one. */
export function keyPart({ trim, fold, stripZeros, values }: KeyField): KeyPart {
  const names = Object.entries(values)
  if (!trim && !fold && !stripZeros && names.length === 0) return plainPart
  const alike = (text: string): string => {
    const trimmed = trim ? text.trim() : text
    const folded = fold ? trimmed.toLowerCase() : trimmed
    return stripZeros ? folded.replace(/^0+(?=.)/, '') : folded
  }
  const standsFor = new Map(names.map(([name, other]) => [alike(name), alike(other)]))
  return (value) => {
    const part = plainPart(value)
    if (part === undefined) return undefined
    const text = alike(part)
    return text === '' ? undefined : (standsFor.get(text) ?? text)
  }
}

function plainPart(value: Value | undefined): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : (instantText(value) ?? value)
  if (typeof value === 'number') return plainNumber(value === 0 ? 0 : value)
  if (value instanceof Decimal) return value.canonical()
  return typeof value === 'boolean' ? String(value) : undefined
}

/** The same text for all spellings of one instant; undefined for a text that is no date-time with a zone. */
export function instantText(text: string): string | undefined {
  const seconds = instantSeconds(text)
  return Number.isNaN(seconds) ? undefined : `\0${seconds}.${instantFraction(text)}`
}
