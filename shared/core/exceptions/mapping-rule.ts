import { Fault } from '../fault'
import type { FieldMapping, FieldRule, MappingDefinition } from '../mapping/definition'
import { takenFields } from '../mapping/compile'
import { isList, isScalar, textOf, type Value } from '../record/value'
import type { FieldChange } from './exception'
import { personalFault } from './fix'

/** A field of a mapping, as it is to be written into the definition. */
export interface NewRule {
  target: string
  rule: FieldRule
}

/**
 * An edit as rules of the workflow's mapping, so that the next runs make it by themselves: `country: { from: country,
 * values: { UK: GB }, otherwise: keep }`. Other values pass as they did.
 * @throws Fault FIX_NOT_SAVEABLE where the mapping language cannot say it of that field
 */
export function mappingRules(changes: readonly FieldChange[], map: MappingDefinition = {}): NewRule[] {
  return changes.map((change) => {
    if (change.guard !== undefined) throw personalFault(change.field)
    const { target, rule } = ruleFor(change.field, map)
    return { target, rule: withChange(rule, change) }
  })
}

/** The field that is made of the source field and of nothing else; where none is, the source field passes as it is. */
function ruleFor(field: string, map: MappingDefinition): NewRule {
  for (const [target, mapping] of Object.entries(map)) {
    const rule = asRule(mapping)
    if (target !== '*' && (rule.from ?? target) === field && isPlain(rule))
      return { target, rule: { from: field, ...rule } }
  }
  const [top = field] = field.split('.')
  if (map['*'] === 'drop' || takenFields(map).has(top))
    throw unsaveable(field, 'the mapping uses it in a rule that cannot take a list of values')
  return { target: field, rule: { from: field } }
}

function asRule(mapping: FieldMapping): FieldRule {
  return typeof mapping === 'string' ? { from: mapping } : mapping
}

/** No other origin, and nothing that changes the value before `values` sees it. */
function isPlain(rule: FieldRule): boolean {
  const before = [
    'value',
    'template',
    'concat',
    'when',
    'cel',
    'fields',
    'split',
    'trim',
    'emptyAs',
    'case',
  ] as const
  return before.every((name) => rule[name] === undefined)
}

function withChange(rule: FieldRule, { field, from, to }: FieldChange): FieldRule {
  if (to === undefined) throw unsaveable(field, 'a mapping cannot take out one value of a field')
  if (from === undefined || from === null) {
    if (rule.default !== undefined) throw unsaveable(field, 'its rule has a default already')
    return { ...rule, default: to }
  }
  if (!isScalar(from) || isList(to)) throw unsaveable(field, 'it holds a list or an object')
  const otherwise = rule.values === undefined ? { otherwise: 'keep' as const } : {}
  const values: Record<string, Value> = { ...rule.values, [textOf(from)]: to }
  return { ...rule, values, ...otherwise }
}

function unsaveable(field: string, why: string): Fault {
  return new Fault('FIX_NOT_SAVEABLE', `The edit of ${field} cannot be written as a mapping rule: ${why}.`, {
    field,
  })
}
