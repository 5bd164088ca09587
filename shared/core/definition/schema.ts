import { Fault } from '../fault'
import { parseJson } from '../format/json'
import { compileMapping, fieldsBehind } from '../mapping/compile'
import type { MappingDefinition } from '../mapping/definition'
import type { JsonSchema } from '../ports'
import { isList, isObject, type Value } from '../record/value'
import type { Complaint } from './finding'
import { didYouMean } from './nearest'
import type { Path } from './path'

/** Fields whose schema, or a part of it, says `personal: true`, and the source fields that they are made of. */
export function personalFields(schema: JsonSchema | undefined, map: MappingDefinition | undefined): string[] {
  const fields = Object.entries(fieldsOf(schema) ?? {})
    .filter(([, field]) => saysPersonal(field))
    .map(([name]) => name)
  return [...new Set([...fields, ...(map ? sourcesOf(map, fields) : [])])]
}

/** Whatever could be a name in an expression counts as one: rather a field too many than one too few. */
function namesIn(mapping: Value | undefined): string[] {
  if (isList(mapping)) return mapping.flatMap(namesIn)
  if (!isObject(mapping)) return []
  return Object.entries(mapping).flatMap(([rule, value]) =>
    typeof value === 'string' && (rule === 'cel' || rule === 'if')
      ? Array.from(value.matchAll(/[\p{L}_][\p{L}\p{N}_]*/gu), ([name]) => name)
      : namesIn(value),
  )
}

function sourcesOf(map: MappingDefinition, fields: readonly string[]): string[] {
  try {
    const told = Object.entries(map).filter(([target]) => fields.includes(target.split('.')[0] ?? ''))
    return [
      ...fieldsBehind(map, fields),
      ...told.flatMap(([, mapping]) => namesIn(parseJson(JSON.stringify(mapping)))),
    ]
  } catch (error) {
    // a mapping that cannot be used is told by `mappingComplaints`
    if (error instanceof Fault) return []
    throw error
  }
}

function saysPersonal(schema: Value): boolean {
  if (isList(schema)) return schema.some(saysPersonal)
  if (!isObject(schema)) return false
  return schema['personal'] === true || Object.values(schema).some(saysPersonal)
}

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
