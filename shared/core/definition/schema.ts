import { Fault } from '../fault'
import { compileMapping } from '../mapping/compile'
import type { MappingDefinition } from '../mapping/definition'
import type { JsonSchema } from '../ports'
import { isObject, type Value } from '../record/value'
import type { Complaint } from './finding'
import { didYouMean } from './nearest'
import type { Path } from './path'

/** Key fields that the schema does not have. */
export function schemaComplaints(
  schema: JsonSchema | undefined,
  key: readonly string[],
  path: Path,
): Complaint[] {
  const fields = fieldsOf(schema)
  if (!fields) return []
  const names = Object.keys(fields)
  return key
    .filter((field) => !names.includes(field))
    .map((field) => ({
      path,
      message: `has the field ${field}, which the schema does not have${didYouMean(field, names)}`,
    }))
}

/** A mapping that cannot be used, or that leaves the key out. */
export function mappingComplaints(
  map: MappingDefinition | undefined,
  schema: JsonSchema | undefined,
  key: readonly string[],
  path: Path,
): Complaint[] {
  if (!map) return []
  try {
    compileMapping(map, { schema, typed: true })
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return [{ path: [...path, 'map'], message: `cannot be used: ${error.detail.replace(/^map: /, '')}` }]
  }
  const dropped = map['*'] === 'drop' ? key.filter((field) => !Object.hasOwn(map, field)) : []
  return dropped.map((field) => ({
    path: [...path, 'map'],
    message: `drops the key field ${field}; add ${field}: ${field}`,
  }))
}

function fieldsOf(schema: JsonSchema | undefined): { readonly [field: string]: Value } | undefined {
  const fields = typeof schema === 'object' ? schema['properties'] : undefined
  return isObject(fields) ? fields : undefined
}
