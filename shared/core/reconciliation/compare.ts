import Big from 'big.js'
import { Decimal, exactNumber, plainNumber } from '../record/decimal'
import { isObject, type Value } from '../record/value'
import { momentOf } from './moment'
import { instantText } from './normalise'
import { bigIn, bigText } from './numbers'
import type { CompareRule } from './settings'

/** `tolerated`: not the same, but no further apart than the rule allows. */
export type Verdict = 'equal' | 'tolerated' | 'differs'

type SideName = 'source' | 'target'

/** Compares one field of both sides by its rule. */
export class FieldCompare {
  /** Equal as they stand means equal: the rule converts nothing. */
  readonly plain: boolean
  private readonly tolerant: boolean
  private readonly factor: Big | undefined

  /** @param textual one of the sides knows only texts: '7' and 7 are then the same */
  constructor(
    readonly field: string,
    readonly rule: CompareRule,
    private readonly textual: boolean,
  ) {
    this.plain = rule.factor === undefined
    const { tolerance, relative, toleranceMs, decimals } = rule
    this.tolerant = [tolerance, relative, toleranceMs, decimals].some((limit) => limit !== undefined)
    this.factor = rule.factor === undefined ? undefined : new Big(rule.factor)
  }

  equal(source: Value | undefined, target: Value | undefined): boolean {
    if (source === target && this.plain) return true
    return this.canonical(source, 'source') === this.canonical(target, 'target')
  }

  compare(source: Value | undefined, target: Value | undefined): Verdict {
    if (this.equal(source, target)) return 'equal'
    return this.tolerant && this.tolerates(source, target) ? 'tolerated' : 'differs'
  }

  /** Source minus target in the unit of the source, where both are numbers. */
  difference(source: Value | undefined, target: Value | undefined): string | undefined {
    const numbers = this.numbers(source, target)
    return numbers && bigText(numbers.source.minus(numbers.target))
  }

  /** The same text for all values that the rule takes for equal; different kinds of values never share one. */
  canonical(value: Value | undefined, side: SideName): string {
    const { alike, fold, space, set } = this.rule
    if (value === undefined) return alike.includes('absent') ? NOTHING : 'absent'
    if (value === null) return alike.includes('null') ? NOTHING : 'null'
    if (typeof value === 'number' || value instanceof Decimal) return '#' + this.digits(value, side)
    if (typeof value === 'boolean') return this.textual ? `"${value}` : String(value)
    if (typeof value === 'string') {
      const spaced = space ? value.trim().replace(/\s+/g, ' ') : value
      if (spaced === '') return alike.includes('empty') ? NOTHING : '"'
      return this.textCanonical(fold ? spaced.toLowerCase() : spaced, side)
    }
    if (isObject(value)) {
      const fields = Object.keys(value).sort()
      return `{${fields.map((field) => `${JSON.stringify(field)}:${framed(this.canonical(value[field], side))}`).join('')}}`
    }
    const items = value.map((item) => this.canonical(item, side))
    return `[${(set ? [...new Set(items)].sort() : items).map(framed).join('')}]`
  }

  private textCanonical(text: string, side: SideName): string {
    if (!this.plain || (this.textual && !CODE.test(text))) {
      const number = exactNumber(text)
      if (number !== undefined) return '#' + this.digits(number, side)
    }
    return '"' + (instantText(text) ?? text)
  }

  private digits(value: number | Decimal, side: SideName): string {
    if (this.factor && side === 'target') {
      const converted = bigIn(value)?.times(this.factor)
      if (converted) return bigText(converted)
    }
    return typeof value === 'number' ? plainNumber(value === 0 ? 0 : value) : value.canonical()
  }

  private tolerates(source: Value | undefined, target: Value | undefined): boolean {
    const { tolerance, relative, toleranceMs, decimals } = this.rule
    if (toleranceMs !== undefined) {
      const one = momentOf(source)
      const two = momentOf(target)
      if (one !== undefined && two !== undefined && Math.abs(one - two) <= toleranceMs) return true
    }
    const numbers = this.numbers(source, target, true)
    if (!numbers) return false
    if (decimals !== undefined && numbers.source.round(decimals).eq(numbers.target.round(decimals)))
      return true
    const apart = numbers.source.minus(numbers.target).abs()
    if (tolerance !== undefined && apart.lte(tolerance)) return true
    if (relative === undefined) return false
    const [one, two] = [numbers.source.abs(), numbers.target.abs()]
    return apart.lte((one.gt(two) ? one : two).times(relative))
  }

  /** Texts count as numbers where one side knows nothing else, or the rule is one for numbers. */
  private numbers(
    source: Value | undefined,
    target: Value | undefined,
    texts = this.textual,
  ): { source: Big; target: Big } | undefined {
    if (!texts && (typeof source === 'string' || typeof target === 'string')) return undefined
    const one = bigIn(source)
    const two = bigIn(target)
    return one && two && { source: one, target: this.factor ? two.times(this.factor) : two }
  }
}

/** With zeros in front it is a code: 007 is not 7. */
const CODE = /^[+-]?0\d/

/** Of whatever the rule takes for the same: absent, null, ''. */
const NOTHING = 'nothing'

/** With its length before it, so that no two lists print alike. */
function framed(text: string): string {
  return `${text.length}:${text}`
}
