import { canonicalText } from '../../record/canonical'
import { Hasher } from '../../record/hash'
import type { DataRecord, Value } from '../../record/value'
import { candidatesOf, fieldsOf, type Samples } from './candidates'
import { compileCondition, TRAIT_ORDER, type Condition } from './condition'
import { Counts } from './counts'
import { Sample } from './sample'
import { conditionText, number } from './words'

/** Records of a run: whether they failed as the ones to be explained did, or passed. */
export interface Contrast {
  failed: boolean
  record: DataRecord
}

export interface ExplainOptions {
  /** Top-level fields of which no value may be told. */
  personal: readonly string[]
  /** Fields that the failures themselves name: of two rules as good the one about these is told. */
  suspects?: readonly string[]
}

/** What separates the failures from the records that passed. */
export interface Explanation {
  failed: number
  passed: number
  /** The smallest rule that does; absent when no rule of one or two conditions comes near. */
  rule?: Rule
  /** Other fields that do nearly as well. */
  others: readonly Rule[]
}

export interface Rule {
  conditions: readonly Condition[]
  /** Of the failures, and of the records that passed, how many meet it. */
  failed: number
  passed: number
  /** Share of the failures that meet it; share of failures among all that meet it. */
  support: number
  precision: number
  sentence: string
}

/** In the place of the sentence of a rule. */
export function withoutRule({
  failed,
  passed,
  unreadable = 0,
}: Pick<Explanation, 'failed' | 'passed'> & { unreadable?: number }): string {
  if (failed === 0 && unreadable > 0)
    return 'The failed rows cannot be read, so they have no fields to compare: the message says what is wrong with them.'
  if (failed === 0)
    return 'None of the failed records is in the source as it was: there is nothing to compare. What came in a file is not looked for there.'
  if (passed === 0) return 'No other record passed: there is nothing to compare the failures with.'
  return 'No rule of one or two conditions separates the failures from the records that passed.'
}

const SAMPLE = 2000
/** Conditions that are counted over everything, and how many of them about one field. */
const MOST_CONDITIONS = 64
const MOST_OF_FIELD = 8
/** Harmonic mean of support and precision that a rule needs to be one. */
const LEAST_SCORE = 0.6
/** A second condition has to earn its place. */
const PAIR_GAIN = 0.03
const MOST_OTHERS = 2

/**
 * Finds the smallest rule that holds for the failures and not for the others. Reads the records twice: candidates come
 * from a sample of both, and are then counted over all. Memory depends on the fields, not on the records; the result
 * does not depend on their order.
 */
export async function explain(
  read: () => AsyncIterable<readonly Contrast[]>,
  options: ExplainOptions,
): Promise<Explanation> {
  const { failed, passed } = await draw(read())
  const candidates = choose({ failed: failed.records, passed: passed.records }, options.personal)
  const counts = new Counts(candidates.map(compileCondition))
  for await (const page of read()) for (const one of page) counts.add(one.record, one.failed)

  const totals = { failed: failed.count, passed: passed.count }
  const order = orderOf(options.suspects ?? [])
  const singles = candidates.map((condition, i) => ruleOf([condition], counts.of(i), totals))
  const pairs = counts.pairs().map(({ one, other, ...count }) => {
    const conditions = [candidates[one], candidates[other]].filter((found) => found !== undefined)
    return ruleOf(conditions.sort(compareConditions), count, totals)
  })
  const [single] = singles.sort(order)
  const [pair] = pairs.sort(order)
  const rule = pair && scoreOf(pair) > (single ? scoreOf(single) : 0) + PAIR_GAIN ? pair : single
  const explanation: Explanation = { ...totals, others: passed.count > 0 ? othersOf(singles, rule) : [] }
  // where nothing passed everything separates
  if (rule && passed.count > 0 && scoreOf(rule) >= LEAST_SCORE) explanation.rule = rule
  return explanation
}

async function draw(pages: AsyncIterable<readonly Contrast[]>): Promise<{ failed: Sample; passed: Sample }> {
  const hasher = new Hasher()
  const samples = { failed: new Sample(SAMPLE), passed: new Sample(SAMPLE) }
  for await (const page of pages) {
    for (const { record, failed } of page) {
      const { a, b } = hasher.record(record)
      samples[failed ? 'failed' : 'passed'].add(record, a, b)
    }
  }
  return samples
}

/** The conditions that tell most, by the samples. */
function choose(samples: Samples, personal: readonly string[]): Condition[] {
  const found = fieldsOf(samples).flatMap((path) => {
    const conditions = candidatesOf(path, samples, personal.includes(path[0] ?? ''))
    return weighed(conditions, samples).slice(0, MOST_OF_FIELD)
  })
  return found
    .sort(byGain)
    .slice(0, MOST_CONDITIONS)
    .map(({ condition }) => condition)
}

interface Weighed {
  condition: Condition
  /** Share of the failures that meet it, less that of the others. */
  gain: number
}

function weighed(conditions: readonly Condition[], { failed, passed }: Samples): Weighed[] {
  return conditions
    .map((condition) => {
      const holds = compileCondition(condition)
      const share = (records: readonly DataRecord[]): number =>
        records.filter(holds).length / Math.max(1, records.length)
      return { condition, gain: share(failed) - share(passed) }
    })
    .filter(({ gain }) => gain > 0)
    .sort(byGain)
}

function byGain(one: Weighed, other: Weighed): number {
  return other.gain - one.gain || compareConditions(one.condition, other.condition)
}

function ruleOf(
  conditions: readonly Condition[],
  count: { failed: number; passed: number },
  totals: { failed: number; passed: number },
): Rule {
  const { failed, passed } = count
  const have = conditions.map(conditionText).join(' and ')
  const sentence =
    `${number(failed)} of ${number(totals.failed)} ${totals.failed === 1 ? 'failure has' : 'failures have'} ${have}; ` +
    `${number(passed)} of ${number(totals.passed)} others ${passed === 1 ? 'does' : 'do'}`
  return {
    conditions,
    failed,
    passed,
    support: failed / Math.max(1, totals.failed),
    precision: failed / Math.max(1, failed + passed),
    sentence,
  }
}

function scoreOf({ support, precision }: Rule): number {
  return support + precision === 0 ? 0 : (2 * support * precision) / (support + precision)
}

function othersOf(singles: readonly Rule[], rule: Rule | undefined): Rule[] {
  const told = new Set((rule?.conditions ?? []).map(fieldOf))
  const others: Rule[] = []
  for (const single of singles) {
    const field = single.conditions.map(fieldOf).join()
    if (others.length === MOST_OTHERS || scoreOf(single) < LEAST_SCORE) break
    if (told.has(field)) continue
    told.add(field)
    others.push(single)
  }
  return others
}

function fieldOf({ path }: Condition): string {
  return path.join('\0')
}

/** Best first; equally good ones in an order that depends on nothing but themselves. */
function orderOf(suspects: readonly string[]): (one: Rule, other: Rule) => number {
  const strange = ({ conditions }: Rule): number =>
    conditions.filter(({ path }) => !suspects.includes(path[0] ?? '')).length
  return (one, other) => {
    const better = scoreOf(other) - scoreOf(one)
    if (Math.abs(better) > 1e-9) return better
    return strange(one) - strange(other) || compareLists(one.conditions, other.conditions)
  }
}

function compareLists(one: readonly Condition[], other: readonly Condition[]): number {
  for (const [i, condition] of one.entries()) {
    const second = other[i]
    const order = second ? compareConditions(condition, second) : 1
    if (order !== 0) return order
  }
  return one.length - other.length
}

/** By trait, then by field, then the longer prefix first, then by value. */
function compareConditions(one: Condition, other: Condition): number {
  const traits = TRAIT_ORDER.indexOf(one.trait.is) - TRAIT_ORDER.indexOf(other.trait.is)
  if (traits !== 0) return traits
  if (fieldOf(one) !== fieldOf(other)) return fieldOf(one) < fieldOf(other) ? -1 : 1
  if (one.trait.is === 'prefix' && other.trait.is === 'prefix') {
    const longer = other.trait.prefix.length - one.trait.prefix.length
    if (longer !== 0) return longer
  }
  const [first, second] = [canonicalText(asValue(one)), canonicalText(asValue(other))]
  return first === second ? 0 : first < second ? -1 : 1
}

function asValue({ trait }: Condition): Value {
  return { ...trait }
}
