import Big from 'big.js'
import { Environment, EvaluationError, ParseError, TypeError } from '@marcbachmann/cel-js'
import { Fault } from '../fault'
import { Decimal, exactNumber, plainNumber } from '../record/decimal'
import { isList, isObject, type DataRecord, type Value } from '../record/value'
import type { Rejection } from '../record/rejection'
import { toBig } from './big'
import { refuse, type Place, type Result } from './step'

/**
 * CEL (Common Expression Language) over one source record: `record.qty` or `qty`. Numbers of the record are decimals:
 * `0.1 + record.x` is exact, `record.qty / 2` is 2.5 for 5, whatever mix of integers and decimals the source sends.
 */
export interface Expression {
  readonly text: string
  evaluate(record: DataRecord): Result
}

/** A number of the record inside an expression. */
class Exact {
  constructor(readonly big: Big) {}
}

type Operand = Exact | bigint | number

const arithmetic: Record<string, (a: Big, b: Big) => Big> = {
  '+': (a, b) => a.plus(b),
  '-': (a, b) => a.minus(b),
  '*': (a, b) => a.times(b),
  '/': (a, b) => a.div(nonZero(b)),
  '%': (a, b) => a.mod(nonZero(b)),
}

const comparison: Record<string, (a: Big, b: Big) => boolean> = {
  '<': (a, b) => a.lt(b),
  '<=': (a, b) => a.lte(b),
  '>': (a, b) => a.gt(b),
  '>=': (a, b) => a.gte(b),
}

const environment = createEnvironment()

/** @throws Fault MAPPING_INVALID when the text is no CEL expression */
export function compileExpression(place: Place, text: string): Expression {
  const { run, mentions } = parse(place, text)
  return {
    text,
    evaluate(record) {
      try {
        const fields = toCel(record, mentions)
        const context = new Map(fields).set('record', fields)
        const value = fromCel(run(context))
        return value === undefined ? failed(place, text, 'gives something that is no data') : value
      } catch (error) {
        return failed(place, text, reason(error))
      }
    },
  }
}

function createEnvironment(): Environment {
  const env = new Environment({ unlistedVariablesAreDyn: true, homogeneousAggregateLiterals: false })
  env.registerType('decimal', { ctor: Exact, fields: {} })
  env.registerFunction('decimal(string): decimal', parseExact)
  env.registerFunction('decimal(int): decimal', (value: bigint) => new Exact(big(value)))
  env.registerFunction('decimal(decimal): decimal', (value: Exact) => value)
  env.registerFunction('string(decimal): string', ({ big }: Exact) => big.toFixed())
  env.registerFunction('int(decimal): int', ({ big }: Exact) => BigInt(big.round(0, Big.roundDown).toFixed()))
  env.registerFunction('double(decimal): double', ({ big }: Exact) => Number(big.toFixed()))
  env.registerOperator('-decimal', ({ big }: Exact) => new Exact(big.neg()))
  const mixed = [
    ['decimal', 'decimal'],
    ['decimal', 'int'],
    ['int', 'decimal'],
    ['decimal', 'double'],
    ['double', 'decimal'],
  ]
  for (const [left = '', right = ''] of mixed) {
    for (const [sign, apply] of Object.entries(arithmetic)) {
      env.registerOperator(
        `${left} ${sign} ${right}: decimal`,
        (a: Operand, b: Operand) => new Exact(apply(big(a), big(b))),
      )
    }
    for (const [sign, apply] of Object.entries(comparison)) {
      env.registerOperator(`${left} ${sign} ${right}: bool`, (a: Operand, b: Operand) =>
        apply(big(a), big(b)),
      )
    }
  }
  // equality is registered in both directions at once
  for (const right of ['decimal', 'int', 'double']) {
    env.registerOperator(`decimal == ${right}: bool`, (a: Operand, b: Operand) => big(a).eq(big(b)))
  }
  return env
}

function parse(place: Place, text: string): { run: (context: object) => unknown; mentions?: Set<string> } {
  try {
    const run = environment.parse(text)
    const mentions = prepare(run.ast)
    const { valid, error } = run.check()
    if (!valid) throw error ?? new Error('type error')
    return mentions ? { run, mentions } : { run }
  } catch (error) {
    const problem = error instanceof ParseError || error instanceof TypeError ? error.summary : reason(error)
    throw new Fault(
      'MAPPING_INVALID',
      `map: ${place.field} has an expression that is not valid: ${text} (${problem})`,
      {
        field: place.field,
        expression: text,
      },
    )
  }
}

/** As much of a node of the library's syntax tree as is needed here. */
interface Node {
  op: string
  args: unknown
}

/**
 * Makes decimals of the number literals that the library compares item by item, where it knows no mixed types: those in
 * lists and maps, and those left of `in`.
 *
 * @returns the names that the expression may read; undefined when it computes them
 */
function prepare(root: Node): Set<string> | undefined {
  const found = { names: new Set<string>(), computed: false }
  visit(root, found)
  return found.computed ? undefined : found.names
}

function visit(part: unknown, found: { names: Set<string>; computed: boolean }): void {
  if (typeof part === 'string') found.names.add(part)
  if (typeof part !== 'object' || part === null || part instanceof Exact) return
  if (isNode(part)) {
    const { op, args } = part
    const parts: unknown[] = Array.isArray(args) ? args.flat() : [args]
    if (op === 'list' || op === 'map') parts.forEach(makeExact)
    if (op === 'in') makeExact(parts[0])
    if (op === '[]' && !isLiteral(parts[1])) found.computed = true
    visit(args, found)
  } else for (const inner of Object.values(part)) visit(inner, found)
}

function makeExact(part: unknown): void {
  if (isLiteral(part) && (typeof part.args === 'bigint' || typeof part.args === 'number')) {
    part.args = new Exact(big(part.args))
  }
}

function isLiteral(part: unknown): part is Node {
  return isNode(part) && part.op === 'value'
}

function isNode(part: unknown): part is Node {
  return (
    typeof part === 'object' && part !== null && 'op' in part && 'args' in part && typeof part.op === 'string'
  )
}

/** The fields of a record as CEL sees them; only those named where names are given. */
function toCel(record: Readonly<Record<string, Value>>, names?: Set<string>): Map<string, unknown> {
  const fields = new Map<string, unknown>()
  for (const [name, value] of Object.entries(record)) {
    if (!names || names.has(name)) fields.set(name, toCelValue(value))
  }
  return fields
}

function toCelValue(value: Value): unknown {
  if (typeof value === 'number' || value instanceof Decimal) return exact(value)
  if (isList(value)) return value.map(toCelValue)
  return isObject(value) ? toCel(value) : value
}

/** @returns undefined for what business data can't hold: bytes, durations, types, NaN */
function fromCel(result: unknown): Value | undefined {
  if (result instanceof Exact) return exactNumber(result.big.toFixed())
  if (typeof result === 'bigint') return exactNumber(String(result))
  if (typeof result === 'number') return Number.isFinite(result) ? result : undefined
  if (result instanceof Date) return result.toISOString()
  if (Array.isArray(result)) return allOrNone(result.map(fromCel))
  if (result instanceof Map) return fromEntries([...result])
  if (typeof result === 'object' && result?.constructor === Object) return fromEntries(Object.entries(result))
  return result === null || typeof result === 'string' || typeof result === 'boolean' ? result : undefined
}

function fromEntries(entries: readonly (readonly [unknown, unknown])[]): Value | undefined {
  const values = allOrNone(entries.map(([, value]) => fromCel(value)))
  return values && Object.fromEntries(values.map((value, index) => [String(entries[index]?.[0]), value]))
}

function allOrNone(values: readonly (Value | undefined)[]): Value[] | undefined {
  const defined = values.filter((value) => value !== undefined)
  return defined.length === values.length ? defined : undefined
}

function big(operand: Operand): Big {
  if (operand instanceof Exact) return operand.big
  return new Big(typeof operand === 'bigint' ? String(operand) : plainNumber(operand))
}

function parseExact(text: string): Exact {
  const parsed = Decimal.parse(text)
  if (!parsed) throw new EvaluationError({ code: 'decimal_conversion_error', message: 'not a number' })
  return exact(parsed)
}

function exact(value: number | Decimal): Exact {
  const number = toBig(value)
  if (number) return new Exact(number)
  throw new EvaluationError({ code: 'number_too_long', message: 'more than 10,000 digits' })
}

function nonZero(divisor: Big): Big {
  if (!divisor.eq(0)) return divisor
  throw new EvaluationError({ code: 'division_by_zero', message: 'division by zero' })
}

function failed(place: Place, text: string, why: string): Rejection {
  return refuse(place, 'EXPRESSION_FAILED', `has no value: ${why}, in ${text}`)
}

/** In words without values: messages of the library may quote what they could not convert. */
function reason(error: unknown): string {
  if (!(error instanceof EvaluationError)) return 'the expression failed'
  const { code, summary, node } = error
  if (code === 'no_such_key') {
    return node?.op === '.' && Array.isArray(node.args)
      ? `field ${node.args[1]} is absent`
      : 'nothing is at the place in brackets (a place in a list is written int(record.place))'
  }
  if (code === 'unknown_variable') return `field ${summary.replace('Unknown variable: ', '')} is absent`
  if (code === 'no_such_overload' || code === 'no_matching_overload')
    return summary.replace(/dyn<(\w+)>/g, '$1')
  return code.replaceAll('_', ' ')
}
