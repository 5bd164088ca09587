import { Fault } from '../fault'
import type { JsonSchema } from '../ports'
import { Rejection } from '../record/rejection'
import { isList, type Value } from '../record/value'
import type { FieldMapping, FieldRule, MappingDefinition } from './definition'
import { compileExpression } from './expression'
import { changeCase } from './rules/case'
import { concat } from './rules/concat'
import { withDefault } from './rules/default'
import { each } from './rules/each'
import { emptyAs } from './rules/empty'
import { fromPath } from './rules/from'
import { join } from './rules/join'
import { scale } from './rules/number'
import { split } from './rules/split'
import { template } from './rules/template'
import { trim } from './rules/trim'
import { toType } from './rules/type'
import { lookUp } from './rules/values'
import { when } from './rules/when'
import { itemsOf, saysPersonal } from './schema'
import { bySchema } from './by-schema'
import { toPointer } from './path'
import type { Mapper } from './mapper'
import type { Origin, Place, Result, Step } from './step'

/** How the mappings inside a rule are compiled; comes from outside because they are made of fields again. */
export interface Nested {
  /** An object made of fields (`fields`). */
  object(definition: MappingDefinition, target: readonly string[], options: FieldOptions): CompiledField
  /** The items of a list (`each`). */
  items(definition: MappingDefinition, options: FieldOptions): Mapper
}

export interface FieldOptions {
  nested: Nested
  /** Of this field. */
  schema?: JsonSchema | undefined
  typed: boolean
  /** The target field whose items are mapped, for messages. */
  within?: string | undefined
  /** An object around this field is personal, so this is, too. */
  personal?: boolean | undefined
}

/** One entry of a mapping as a function of the source record, and the top-level source fields that it takes. */
export interface CompiledField {
  origin: Origin
  uses: readonly string[]
}

/** @throws Fault MAPPING_INVALID, FIELD_NAME_REFUSED */
export function compileField(
  target: readonly string[],
  mapping: FieldMapping,
  options: FieldOptions,
): CompiledField {
  const rule: FieldRule = typeof mapping === 'string' ? { from: mapping } : mapping
  const personal = options.personal === true || saysPersonal(options.schema)
  const field = [options.within ?? [], target].flat().join('.')
  const place: Place = { field, personal }
  const { origin, uses, pointer } = compileOrigin(target, rule, place, options)
  if (pointer !== undefined) place.pointer = pointer
  const steps = compileSteps(rule, place, options)
  const stepped = withSteps(origin, steps)
  return { origin: rule.default === undefined ? stepped : withDefault(place, stepped, rule.default), uses }
}

const origins = ['from', 'value', 'template', 'concat', 'when', 'cel', 'fields'] as const

function compileOrigin(
  target: readonly string[],
  rule: FieldRule,
  place: Place,
  options: FieldOptions,
): CompiledField & { pointer?: string } {
  const given = origins.filter((origin) => rule[origin] !== undefined)
  if (given.length > 1) {
    throw new Fault(
      'MAPPING_INVALID',
      `map: ${place.field} has ${given.join(' and ')}; a field has one origin`,
      {
        field: place.field,
      },
    )
  }
  const nested = (mapping: FieldMapping) => compileField(target, mapping, { ...options, schema: undefined })
  const { value } = rule
  if (value !== undefined) return { origin: () => value, uses: [] }
  if (rule.template !== undefined) return template(place, rule.template)
  if (rule.concat !== undefined) {
    const parts = rule.concat.map(nested)
    const origin = concat(
      place,
      parts.map((part) => part.origin),
      rule.separator ?? '',
    )
    return { origin, uses: parts.flatMap((part) => part.uses) }
  }
  if (rule.when !== undefined) {
    const branches = rule.when.map((branch) =>
      'else' in branch
        ? nested(branch.else)
        : { ...nested(branch.then), condition: compileExpression(place, branch.if) },
    )
    return { origin: when(place, branches), uses: branches.flatMap((branch) => branch.uses) }
  }
  if (rule.cel !== undefined) {
    const expression = compileExpression(place, rule.cel)
    return { origin: (record) => expression.evaluate(record), uses: [] }
  }
  if (rule.fields !== undefined) return options.nested.object(rule.fields, target, options)
  const { origin, pointer, uses } = fromPath(rule.from ?? toPointer(target))
  return { origin, pointer, uses: [uses] }
}

/** The fixed order of the steps: each value's, then the list's. */
function compileSteps(rule: FieldRule, place: Place, options: FieldOptions): Step[] {
  const ofValue: Step[] = []
  if (rule.trim === true) ofValue.push(trim(place))
  if (rule.emptyAs !== undefined) ofValue.push(emptyAs(place, rule.emptyAs))
  if (rule.case !== undefined) ofValue.push(changeCase(place, rule.case))
  if (rule.values !== undefined) ofValue.push(lookUp(place, rule.values, rule.otherwise))
  if (rule.type !== undefined) ofValue.push(toType(place, rule.type, rule))
  if (rule.factor !== undefined || rule.decimals !== undefined) ofValue.push(scale(place, rule))

  const steps: Step[] = []
  if (rule.split !== undefined) steps.push(split(place, rule.split, rule.take))
  if (ofValue.length > 0) steps.push(overItems(inTurn(ofValue)))
  if (rule.each !== undefined) {
    const { field: within, personal } = place
    const ofItem = { ...options, schema: itemsOf(options.schema), within, personal }
    steps.push(each(place, options.nested.items(rule.each, ofItem)))
  }
  if (rule.join !== undefined) steps.push(join(place, rule.join))
  const convert = options.typed || rule.type !== undefined ? undefined : bySchema(options.schema)
  if (convert) steps.push(convert)
  return steps
}

function withSteps(origin: Origin, steps: readonly Step[]): Origin {
  if (steps.length === 0) return origin
  const run = inTurn(steps)
  return (record, ledger) => {
    const value = origin(record, ledger)
    return goesOn(value) ? run(value, ledger) : value
  }
}

/** One step after the other, until one gives absent, null or a rejection. */
function inTurn(steps: readonly Step[]): Step {
  const [only] = steps
  if (only && steps.length === 1) return only
  return (value, ledger) => {
    let result: Result = value
    for (const step of steps) {
      result = step(result, ledger)
      if (!goesOn(result)) return result
    }
    return result
  }
}

/** Over every item of a list; items that become absent leave it. */
function overItems(step: Step): Step {
  return (value, ledger) => {
    if (!isList(value)) return step(value, ledger)
    const items: Value[] = []
    for (const item of value) {
      const result = item === null ? null : step(item, ledger)
      if (result instanceof Rejection) return result
      if (result !== undefined) items.push(result)
    }
    return items
  }
}

function goesOn(result: Result): result is Value & NonNullable<unknown> {
  return result !== undefined && result !== null && !(result instanceof Rejection)
}
