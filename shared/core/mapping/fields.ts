import { Fault } from '../fault'
import { Rejection } from '../record/rejection'
import type { DataRecord } from '../record/value'
import type { FieldMapping, MappingDefinition } from './definition'
import { compileField, type CompiledField, type FieldOptions } from './field'
import { parseTarget } from './path'
import { propertyOf, saysPersonal } from './schema'
import type { Origin } from './step'

/** A field of the record that is made, in the order of the definition. */
export interface MadeField extends CompiledField {
  name: string
}

/** Target names that lead into the same object (`address.city`, `address.zip`) are put together, where the first stands. */
interface Tree {
  entries: Map<string, { mapping: FieldMapping } | { tree: Tree }>
}

/** @throws Fault MAPPING_INVALID, FIELD_NAME_REFUSED */
export function madeFields(
  definition: MappingDefinition,
  parent: readonly string[],
  options: FieldOptions,
): MadeField[] {
  const tree: Tree = { entries: new Map() }
  for (const [target, mapping] of Object.entries(definition)) {
    if (target !== '*') plant(tree, parseTarget(target), mapping, target)
  }
  return fieldsOf(tree, parent, options)
}

/** An object made of fields; absent when all of them are. */
export function compileFields(
  definition: MappingDefinition,
  parent: readonly string[],
  options: FieldOptions,
): CompiledField {
  return objectOf(madeFields(definition, parent, options))
}

function plant(tree: Tree, [name = '', ...rest]: string[], mapping: FieldMapping, target: string): void {
  const found = tree.entries.get(name)
  if (rest.length === 0 && !found) {
    tree.entries.set(name, { mapping })
  } else if (rest.length > 0 && (!found || 'tree' in found)) {
    const inner: Tree = found ? found.tree : { entries: new Map() }
    tree.entries.set(name, { tree: inner })
    plant(inner, rest, mapping, target)
  } else {
    throw new Fault(
      'MAPPING_INVALID',
      `map: ${target} is written twice, once as a value and once as an object`,
      { target },
    )
  }
}

function fieldsOf(tree: Tree, parent: readonly string[], options: FieldOptions): MadeField[] {
  return Array.from(tree.entries, ([name, entry]) => {
    const target = [...parent, name]
    const personal = options.personal === true || saysPersonal(options.schema)
    const inner = { ...options, schema: propertyOf(options.schema, name), personal }
    const field =
      'tree' in entry
        ? objectOf(fieldsOf(entry.tree, target, inner))
        : compileField(target, entry.mapping, inner)
    return { name, ...field }
  })
}

function objectOf(fields: readonly MadeField[]): CompiledField {
  const origin: Origin = (record, ledger) => {
    let made: DataRecord | undefined
    for (const { name, origin } of fields) {
      const value = origin(record, ledger)
      if (value instanceof Rejection) return value
      if (value !== undefined) (made ??= {})[name] = value
    }
    return made
  }
  return { origin, uses: fields.flatMap((field) => field.uses) }
}
