import { dereference, validate as interpret, type OutputUnit, type Schema } from '@cfworker/json-schema'
import { parsePath, toPointer } from '../mapping/path'
import { Fault } from '../fault'
import type { JsonSchema, Validator, Violation } from '../ports'
import { isList, isObject, isValue, type DataRecord, type Value } from '../record/value'
import { checkSchema } from './check-schema'
import { withDecimals, type Validate } from './decimals'
import { draftOf, schemaInvalid, type Draft } from './draft'
import { maxViolations, violation } from './message'

/** Under its own name for draft 7 the library would ignore what stands beside a `$ref`; ajv doesn't. */
const dialects = { '2020-12': '2020-12', '7': '2019-09' } as const

type Lookup = Record<string, Schema | boolean>

/**
 * Validation without generated code, for hosts that refuse it (n8n). Slower than ajv, same answers.
 *
 * @param known schemas that `$ref` may reach by their address; nothing is ever fetched
 */
export function createInterpretingValidator(known: Readonly<Record<string, JsonSchema>> = {}): Validator {
  return {
    compile(schema) {
      const draft = draftOf(schema)
      checkSchema(schema)
      const { root, lookup } = resolve(schema, known)
      return withDecimals(schema, withInterpreter(root, draft, lookup))
    },
  }
}

/** The library writes into the schemas that it resolves, so it gets copies. */
function resolve(
  schema: JsonSchema,
  known: Readonly<Record<string, JsonSchema>>,
): { root: Schema | boolean; lookup: Lookup } {
  const root = copy(schema)
  try {
    const lookup = dereference(root)
    const own = Object.entries(lookup)
    for (const [address, other] of Object.entries(known)) {
      const copied = copy(other)
      dereference(copied, lookup, new URL(address))
      lookup[address] ??= copied
    }
    for (const [address, each] of own) checkReference(address, each, lookup)
    return { root, lookup }
  } catch (error) {
    if (error instanceof Fault) throw error
    const problem = error instanceof Error ? error.message : String(error)
    throw schemaInvalid('', `cannot be used: ${problem}`, error)
  }
}

function checkReference(address: string, schema: Schema | boolean, lookup: Lookup): void {
  if (typeof schema === 'boolean' || typeof schema.$ref !== 'string') return
  if (lookup[addressOf(schema, schema.$ref)] !== undefined) return
  const [, pointer = ''] = decodeURIComponent(address).split('#')
  throw schemaInvalid(
    `${pointer}/$ref`,
    `points to ${schema.$ref}, which is not in the schema; schemas are never fetched`,
  )
}

function copy(schema: JsonSchema): Schema | boolean {
  const copied: unknown = JSON.parse(JSON.stringify(schema))
  if (isSchema(copied)) return copied
  throw schemaInvalid('', 'must be a schema: an object, true or false')
}

/** `checkSchema` has looked at the keywords. */
function isSchema(copied: unknown): copied is Schema | boolean {
  return typeof copied === 'boolean' || (typeof copied === 'object' && copied !== null)
}

function withInterpreter(root: Schema | boolean, draft: Draft, lookup: Lookup): Validate {
  return (record) => {
    const { valid, errors } = interpret(record, root, dialects[draft], lookup, false)
    return valid ? undefined : toViolations(errors, record, root, lookup)
  }
}

/** Keywords whose unit only announces that of the schema below them, which says `false` when it is one. */
const announcing = new Set([
  'additionalProperties',
  'unevaluatedProperties',
  'additionalItems',
  'unevaluatedItems',
])

const MISSING = /(?:required property|does not have) "(.*)"\.$/s

function toViolations(
  units: readonly OutputUnit[],
  record: DataRecord,
  root: Schema | boolean,
  lookup: Lookup,
): Violation[] {
  const found: Violation[] = []
  for (const [index, unit] of units.entries()) {
    if (announcing.has(unit.keyword)) continue
    const before = units[index - 1]?.keyword ?? ''
    const keyword = unit.keyword === 'false' && announcing.has(before) ? before : unit.keyword
    const each = toViolation(unit, keyword, record, root, lookup)
    if (each) found.push(each)
    if (found.length === maxViolations) break
  }
  return found
}

function toViolation(
  unit: OutputUnit,
  keyword: string,
  record: DataRecord,
  root: Schema | boolean,
  lookup: Lookup,
): Violation | undefined {
  const missing = MISSING.exec(unit.error)?.[1]
  // with a schema instead of a list it announces, too
  if (keyword === 'dependencies' && missing === undefined) return undefined
  const place = segments(unit.instanceLocation)
  const pointer = toPointer(missing === undefined ? place : [...place, missing])
  const expected = keywordAt(root, segments(unit.keywordLocation), lookup)
  return violation(pointer, keyword, { expected, found: valueAt(record, place) })
}

/** Locations are URI fragments: '#/a%20b'. */
function segments(location: string): string[] {
  const pointer = decodeURIComponent(location.slice(1))
  return pointer === '' ? [] : parsePath(pointer)
}

function valueAt(value: Value, place: readonly string[]): Value | undefined {
  let found: Value | undefined = value
  for (const name of place)
    found = isList(found) ? found[Number(name)] : isObject(found) ? found[name] : undefined
  return found
}

/** What the schema gives a keyword, through references. */
function keywordAt(root: Schema | boolean, place: readonly string[], lookup: Lookup): Value | undefined {
  let found: unknown = root
  for (const name of place) {
    if (typeof found !== 'object' || found === null) return undefined
    const next: unknown = Reflect.get(found, name)
    found = name === '$ref' && typeof next === 'string' ? lookup[addressOf(found, next)] : next
  }
  return isValue(found) ? found : undefined
}

/** The library notes the full address beside a `$ref` that it resolved. */
function addressOf(schema: object, ref: string): string {
  const address: unknown = Reflect.get(schema, '__absolute_ref__')
  return typeof address === 'string' ? address : ref
}
