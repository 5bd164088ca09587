import { exactNumber } from '../record/decimal'
import type { DataRecord, Value } from '../record/value'
import type { FieldBreak } from './break'
import { fieldBreak, type Comparison } from './comparison'
import { withinDaysOf } from './days'
import type { Findings } from './findings'
import type { Group } from './key-table'
import { records, type Leftover } from './leftover'
import { bigIn, bigText } from './numbers'
import { inOrder, pairUp, type Pair } from './pairing'
import type { MatchRule } from './settings'

/** Pairs the records of one key by one match rule, and says what is left over. */
export class RulePairing {
  private readonly days: { field: string; withinDays: number } | undefined

  constructor(
    private readonly rule: MatchRule,
    /** From 1. */
    private readonly number: number,
    private readonly comparison: Comparison,
    private readonly findings: Findings,
  ) {
    this.days = rule.on.find(({ withinDays }) => withinDays > 0)
  }

  apply({ source, target }: Group<Leftover>): Group<Leftover> {
    if (source.length === 0 || target.length === 0) return { source, target }
    const left =
      this.rule.pairing === 'one-to-one' ? this.oneToOne(source, target) : this.sums(source, target)
    return left
  }

  private oneToOne(source: readonly Leftover[], target: readonly Leftover[]): Group<Leftover> {
    const pairs: Pair[] = []
    const left: { source: DataRecord[]; target: DataRecord[] } = { source: [], target: [] }
    const clusters = this.days
      ? withinDaysOf(records(source), records(target), this.days)
      : [{ source: records(source), target: records(target) }]
    for (const cluster of clusters) {
      const paired = pairUp(cluster.source, cluster.target, this.comparison)
      pairs.push(...paired.pairs)
      left.source.push(...paired.source)
      left.target.push(...paired.target)
    }
    const of = (all: readonly Leftover[]): Map<DataRecord, Leftover> =>
      new Map(all.map((one) => [one.record, one]))
    const [sources, targets] = [of(source), of(target)]
    for (const pair of pairs) this.compare(pair, sources.get(pair.source), targets.get(pair.target))
    return {
      source: left.source.flatMap((record) => sources.get(record) ?? []),
      target: left.target.flatMap((record) => targets.get(record) ?? []),
    }
  }

  /** By a later rule each has a key of its own. */
  private compare({ source, target }: Pair, one: Leftover | undefined, two: Leftover | undefined): void {
    const { verdict, fields } = this.comparison.compare(source, target)
    if (verdict !== 'differs') {
      this.findings.tie(verdict, [source], [target])
      return
    }
    this.findings.add({
      kind: 'differs',
      key: one?.key ?? '',
      rule: this.number,
      source: [source],
      target: [target],
      records: { source: one?.source ?? 1, target: two?.target ?? 1 },
      fields,
    })
  }

  /** The side that is to have one must have one: of two invoices nobody knows which one a payment is for. */
  private sums(source: readonly Leftover[], target: readonly Leftover[]): Group<Leftover> {
    const { pairing } = this.rule
    const [one] = source
    const [two] = target
    if (pairing === 'one-to-many' && (source.length > 1 || !one)) return { source, target }
    if (pairing === 'many-to-one' && (target.length > 1 || !two)) return { source, target }
    const near = this.near(source, target)
    if (near.source.length === 0 || near.target.length === 0) return { source, target }
    this.compareSums(near.source, near.target)
    return {
      source: source.filter((item) => !near.source.includes(item)),
      target: target.filter((item) => !near.target.includes(item)),
    }
  }

  /** Of the side that has many, those whose date is near enough to that of the one. */
  private near(source: readonly Leftover[], target: readonly Leftover[]): Group<Leftover> {
    const { days } = this
    if (!days) return { source, target }
    const nearOnes = (all: readonly Leftover[], one: Leftover | undefined): Leftover[] =>
      all.filter(({ record }) => withinDaysOf([record], one ? [one.record] : [], days).length === 1)
    return this.rule.pairing === 'one-to-many'
      ? { source, target: nearOnes(target, source[0]) }
      : { source: nearOnes(source, target[0]), target }
  }

  private compareSums(source: readonly Leftover[], target: readonly Leftover[]): void {
    const fields: FieldBreak[] = []
    let tolerated = false
    for (const field of this.rule.sum) {
      const compare = this.comparison.of(field)
      const [one, two] = [sumOf(records(source), field), sumOf(records(target), field)]
      const verdict = compare.compare(one, two)
      if (verdict === 'tolerated') tolerated = true
      if (verdict === 'differs') fields.push(fieldBreak(compare, one, two))
    }
    const [sources, targets] = [inOrder(records(source)), inOrder(records(target))]
    if (fields.length === 0) {
      this.findings.tie(tolerated ? 'tolerated' : 'equal', sources, targets)
      return
    }
    this.findings.add({
      kind: 'differs',
      key: source.find(({ record }) => record === sources[0])?.key ?? '',
      rule: this.number,
      source: sources,
      target: targets,
      records: { source: source.length, target: target.length },
      fields,
    })
  }
}

/**
 * Of one record its value as it stands; of several the sum of those that have a number. What is there and is no number
 * cannot be added up: it stands for the sum, so that it is seen.
 */
function sumOf(all: readonly DataRecord[], field: string): Value | undefined {
  if (all.length === 1) return all[0]?.[field]
  if (all.some((record) => isOdd(record[field])))
    return inOrder(all)
      .map((record) => record[field])
      .find(isOdd)
  const numbers = all.flatMap((record) => bigIn(record[field]) ?? [])
  const [first, ...others] = numbers
  if (!first) return undefined
  return exactNumber(bigText(others.reduce((sum, number) => sum.plus(number), first)))
}

function isOdd(value: Value | undefined): boolean {
  return value !== undefined && value !== null && value !== '' && bigIn(value) === undefined
}
