import { Fault } from '../fault'
import { parseJson } from '../format/json'
import { fieldsBehind } from '../mapping/compile'
import type { MappingDefinition } from '../mapping/definition'
import type { JsonSchema } from '../ports'
import { isList, isObject, type Value } from '../record/value'
import type { Complaint } from './finding'
import type { Path } from './path'

/** Fields whose schema, or a part of it, says `personal: true`, and the source fields that they are made of. */
export function personalFields(schema: JsonSchema | undefined, map: MappingDefinition | undefined): string[] {
  const root = schema ?? true
  const fields = recordSchemas(root, root).flatMap((one) =>
    entriesOf(one, 'properties')
      .filter(([, field]) => one['personal'] === true || saysPersonal(field, root))
      .map(([name]) => name),
  )
  return [...new Set([...fields, ...(map ? sourcesOf(map, fields) : [])])]
}

/** Fields are masked by their names: of one that has none in the schema nobody would know. */
export function personalComplaints(schema: JsonSchema | undefined, path: Path): Complaint[] {
  const root = schema ?? true
  return recordSchemas(root, root)
    .flatMap((one) => NAMELESS.filter((keyword) => saysPersonal(one[keyword] ?? null, root)))
    .map((keyword) => ({
      path,
      message: `says personal: true in ${keyword}, where fields have no names to mask them by; list them in properties`,
    }))
}

const NAMELESS = ['additionalProperties', 'patternProperties', 'unevaluatedProperties'] as const
const COMBINED = ['allOf', 'anyOf', 'oneOf', 'if', 'then', 'else', 'dependentSchemas'] as const

type SchemaObject = { readonly [keyword: string]: Value }

/** The schema of a record and those that it is put together from. */
function recordSchemas(schema: Value, root: JsonSchema, seen = new Set<Value>()): SchemaObject[] {
  if (!isObject(schema) || seen.has(schema)) return []
  seen.add(schema)
  const others = COMBINED.flatMap((keyword) => {
    const within = schema[keyword] ?? null
    if (isList(within)) return within
    return keyword === 'dependentSchemas' && isObject(within) ? Object.values(within) : [within]
  })
  return [schema, ...[referred(schema, root), ...others].flatMap((one) => recordSchemas(one, root, seen))]
}

function entriesOf(schema: SchemaObject, keyword: string): [string, Value][] {
  const within = schema[keyword]
  return isObject(within) ? Object.entries(within) : []
}

/** What `$ref` leads to within the schema; null where it leads nowhere. */
function referred({ $ref }: SchemaObject, root: JsonSchema): Value {
  if (typeof $ref !== 'string' || !$ref.startsWith('#')) return null
  const steps = $ref.slice(1).split('/').slice(1)
  return steps.reduce<Value>((at, step) => {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~')
    if (isList(at)) return at[Number(name)] ?? null
    return isObject(at) ? (at[name] ?? null) : null
  }, root)
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

function saysPersonal(schema: Value, root: JsonSchema, seen = new Set<Value>()): boolean {
  if (isList(schema)) return schema.some((one) => saysPersonal(one, root, seen))
  if (!isObject(schema) || seen.has(schema)) return false
  seen.add(schema)
  if (schema['personal'] === true) return true
  return [referred(schema, root), ...Object.values(schema)].some((one) => saysPersonal(one, root, seen))
}
