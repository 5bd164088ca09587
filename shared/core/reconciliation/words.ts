import { propertiesOf } from '../mapping/schema'
import type { Workflow } from '../workflow'
import type { FieldRule, Ignored } from './reconciliation'
import type { CompareRule, KeyField, MatchRule } from './settings'

/** A match rule as a reader of the report understands it. */
export function matchWords({ on, pairing, sum }: MatchRule): string {
  const fields = on.map(keyWords).join(', ')
  if (pairing === 'one-to-one') return fields
  return `${fields}; ${pairing.replaceAll('-', ' ')}, comparing the sum of ${sum.join(' and ')}`
}

function keyWords({ field, trim, fold, stripZeros, values, withinDays }: KeyField): string {
  const names = Object.keys(values).length
  const words = [
    ...(trim ? ['without spaces at its ends'] : []),
    ...(fold ? ['in any case'] : []),
    ...(stripZeros ? ['without zeros in front'] : []),
    ...(names > 0
      ? [`with ${names} ${names === 1 ? 'value that stands' : 'values that stand'} for another`]
      : []),
    ...(withinDays > 0 ? [`within ${withinDays} ${withinDays === 1 ? 'day' : 'days'}`] : []),
  ]
  return words.length === 0 ? field : `${field} (${words.join(', ')})`
}

export function fieldWords(
  fields: readonly string[],
  rules: Readonly<Record<string, CompareRule>>,
): FieldRule[] {
  return fields.map((field) => ({ field, rule: compareWords(rules[field]) }))
}

function compareWords(rule: CompareRule | undefined): string {
  if (!rule) return 'exactly'
  const { factor, decimals, tolerance, relative, toleranceMs, fold, space, set, alike } = rule
  const words = [
    ...(factor === undefined ? [] : [`the target times ${factor}`]),
    ...(tolerance === undefined ? [] : [`up to ${tolerance} apart`]),
    ...(relative === undefined ? [] : [`up to ${percent(relative)} % apart`]),
    ...(toleranceMs === undefined ? [] : [`up to ${span(toleranceMs)} apart`]),
    ...(decimals === undefined ? [] : [`rounded to ${decimals} decimals (a tolerance)`]),
    ...(fold ? ['in any case'] : []),
    ...(space ? ['whatever the spaces'] : []),
    ...(set ? ['as a list in any order, each value once'] : []),
    ...(alike.length > 0 ? [`${alike.join(', ')} count as the same`] : []),
  ]
  return words.length === 0 ? 'exactly' : words.join('; ')
}

function percent(share: number): string {
  return String(Number((share * 100).toPrecision(12)))
}

function span(ms: number): string {
  for (const [unit, size] of [
    ['day', 86_400_000],
    ['hour', 3_600_000],
    ['minute', 60_000],
    ['second', 1_000],
  ] as const) {
    if (ms >= size && ms % size === 0) return `${ms / size} ${unit}${ms === size ? '' : 's'}`
  }
  return `${ms} ms`
}

/** Of the fields of a comparison those that some rule compares: where each adds up, the sums alone. */
export function fieldsOfRules(match: readonly MatchRule[], fields: readonly string[]): readonly string[] {
  return addsUpOnly(match) ? [...new Set(match.flatMap(({ sum }) => sum))] : fields
}

function addsUpOnly(match: readonly MatchRule[]): boolean {
  return match.every(({ pairing }) => pairing !== 'one-to-one')
}

/** What was not compared, and why. */
export function ignoredFields(
  { reconcile, schema }: Workflow,
  compared: readonly string[],
  source: ReadonlySet<string>,
  target: ReadonlySet<string>,
): Ignored[] {
  const matched = new Set(reconcile.match.flatMap(({ on }) => on.map(({ field }) => field)))
  const all = new Set([...source, ...target])
  const listed = Object.keys(propertiesOf(schema) ?? {})
  const why = (field: string): string => {
    if (reconcile.ignore.includes(field)) return 'the settings leave it out'
    if (addsUpOnly(reconcile.match) && source.has(field) && target.has(field))
      return 'records are matched by sums, and only these are compared'
    if (reconcile.fields) return 'the settings name the fields to compare, and not this one'
    if (listed.length > 0) return 'the schema does not have it'
    if (source.size === 0 || target.size === 0) return 'the other side has no record'
    return source.has(field) ? 'only the source has it' : 'only the target has it'
  }
  return [...new Set([...reconcile.ignore, ...all])]
    .filter((field) => !compared.includes(field) && !matched.has(field))
    .sort()
    .map((field) => ({ field, why: why(field) }))
}
