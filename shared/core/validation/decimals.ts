import Big from 'big.js'
import type { JsonSchema, Violation } from '../ports'
import { Decimal, plainNumber } from '../record/decimal'
import { isList, isObject, textOf, type DataRecord, type Value } from '../record/value'
import { toPointer } from '../mapping/path'
import { violation } from './message'

export type Validate = (record: DataRecord) => readonly Violation[] | undefined

/**
 * Lets a validator that knows only doubles judge records with Decimals. It is shown the nearest doubles; the keywords on
 * numbers that stand at a field (`properties`, `items`, `allOf`) are then judged again with all digits.
 */
export function withDecimals(schema: JsonSchema, validate: Validate): Validate {
  const rules = rulesOf(schema)
  return (record) => {
    if (!holdsDecimal(record)) return validate(record)
    const exact: Violation[] = []
    const judged = new Set<string>()
    judge(record, rules, [], (pointer, rule, decimal) => {
      judged.add(`${rule.keyword} ${pointer}`)
      const failed = rule.holds(new Big(decimal.text))
        ? undefined
        : violation(pointer, rule.keyword, { expected: rule.expected, found: decimal })
      if (failed) exact.push(failed)
    })
    const seen = validate(doubles(record)) ?? []
    const all = [...seen.filter(({ keyword, pointer }) => !judged.has(`${keyword} ${pointer}`)), ...exact]
    return all.length > 0 ? all : undefined
  }
}

/** Exact, unlike division of doubles: 19.99 is a multiple of 0.01. */
export function multipleOf(divisor: number): (value: number) => boolean {
  const exactly = (value: number): boolean => new Big(plainNumber(value)).mod(plainNumber(divisor)).eq(0)
  if (Number.isSafeInteger(divisor)) {
    return (value) => (Number.isSafeInteger(value) ? value % divisor === 0 : exactly(value))
  }
  // Up to 15 digits a decimal and its double stand for each other, so that so many decimals can be checked by rounding.
  const scale = [10, 100, 1000, 10_000].find((power) => 1 / power === divisor)
  if (scale === undefined) return exactly
  return (value) =>
    Math.abs(value * scale) < 1e15 ? Math.round(value * scale) / scale === value : exactly(value)
}

interface Rule {
  keyword: string
  expected: Value
  holds(value: Big): boolean
}

interface Rules {
  here: Rule[]
  fields: Map<string, Rules>
  items: Rules | undefined
}

const comparisons: Readonly<Record<string, (value: Big, limit: Big) => boolean>> = {
  minimum: (value, limit) => value.gte(limit),
  maximum: (value, limit) => value.lte(limit),
  exclusiveMinimum: (value, limit) => value.gt(limit),
  exclusiveMaximum: (value, limit) => value.lt(limit),
  multipleOf: divides,
}

/** Not with more than 10,000 digits: the remainder of 1e999999999 would never be found. */
function divides(value: Big, divisor: Big): boolean {
  return value.e <= 10_000 && value.mod(divisor).eq(0)
}

function rulesOf(schema: Value | undefined): Rules {
  const rules: Rules = { here: [], fields: new Map(), items: undefined }
  if (isObject(schema)) collect(schema, rules)
  return rules
}

function collect(schema: { readonly [keyword: string]: Value }, rules: Rules): void {
  const { type, properties, items, allOf } = schema
  const types = isList(type) ? type : [type]
  if (types.includes('integer') && !types.includes('number')) {
    rules.here.push({ keyword: 'type', expected: type ?? null, holds: (value) => divides(value, new Big(1)) })
  }
  for (const [keyword, compare] of Object.entries(comparisons)) {
    const expected = schema[keyword]
    if (typeof expected !== 'number' && !(expected instanceof Decimal)) continue
    const limit = new Big(typeof expected === 'number' ? plainNumber(expected) : expected.text)
    rules.here.push({ keyword, expected, holds: (value) => compare(value, limit) })
  }
  if (isObject(properties)) {
    for (const [name, inner] of Object.entries(properties)) rules.fields.set(name, rulesOf(inner))
  }
  if (isObject(items)) rules.items = rulesOf(items)
  if (isList(allOf)) for (const inner of allOf) if (isObject(inner)) collect(inner, rules)
}

function judge(
  value: Value,
  rules: Rules,
  path: readonly string[],
  tell: (pointer: string, rule: Rule, decimal: Decimal) => void,
): void {
  if (value instanceof Decimal) {
    for (const rule of rules.here) tell(toPointer(path), rule, value)
  } else if (isList(value)) {
    const { items } = rules
    if (!items) return
    for (const [index, item] of value.entries()) judge(item, items, [...path, String(index)], tell)
  } else if (isObject(value)) {
    for (const [name, inner] of rules.fields) {
      const field = value[name]
      if (field !== undefined) judge(field, inner, [...path, name], tell)
    }
  }
}

function holdsDecimal(value: Value): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (value instanceof Decimal) return true
  if (isList(value)) return value.some(holdsDecimal)
  for (const name in value) {
    const field = value[name]
    if (field !== undefined && typeof field === 'object' && holdsDecimal(field)) return true
  }
  return false
}

function doubles(record: Readonly<Record<string, Value>>): DataRecord {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, asDouble(value)]))
}

function asDouble(value: Value): Value {
  if (value instanceof Decimal) return Number(textOf(value))
  if (isList(value)) return value.map(asDouble)
  return isObject(value) ? doubles(value) : value
}
