import type { SchemaObject } from './model'

/** How a version of OpenAPI writes schemas. */
export type Dialect = (schema: unknown) => SchemaObject

/** 3.1 takes JSON Schema as it is; true and false need no object, but some importers want one. */
export const as31: Dialect = (schema) => (isNode(schema) ? schema : schema === false ? { not: {} } : {})

/** Keywords that mean the same in 3.0. */
const KEPT = [
  'title',
  'description',
  'default',
  'enum',
  'format',
  'pattern',
  'minimum',
  'maximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minProperties',
  'maxProperties',
  'readOnly',
  'writeOnly',
]
const LISTS = ['allOf', 'anyOf', 'oneOf']

/**
 * 3.0 has a dialect of its own, a part of JSON Schema draft 5: `nullable` for the type null, one type only, no const.
 * What it cannot say is left out, so the schema accepts at least what it accepted before.
 */
export const as30: Dialect = (schema) => {
  if (!isNode(schema)) return schema === false ? { not: {} } : {}
  const { $ref, description } = schema
  // members beside $ref are ignored in 3.0
  if ($ref !== undefined) return description === undefined ? { $ref } : { description, allOf: [{ $ref }] }
  const result: Record<string, unknown> = {}
  for (const keyword of KEPT) if (keyword in schema) result[keyword] = schema[keyword]
  Object.assign(result, typed(schema), bounds(schema), choices(schema), binary(schema))
  if (schema['const'] !== undefined) result['enum'] = [schema['const']]
  if (Array.isArray(schema['examples'])) result['example'] = schema['examples'][0]
  const { required } = schema
  // draft 5 wants at least one
  if (Array.isArray(required) && required.length > 0) result['required'] = required
  if (isNode(schema['properties'])) result['properties'] = each(schema['properties'])
  const { additionalProperties: rest } = schema
  if (rest !== undefined) result['additionalProperties'] = isNode(rest) ? as30(rest) : rest
  if (isNode(schema['not'])) result['not'] = as30(schema['not'])
  return result
}

function typed(schema: SchemaObject): SchemaObject {
  const types = [schema['type']].flat().filter((type) => type !== undefined)
  const nullable = types.includes('null') ? { nullable: true } : {}
  const others = types.filter((type) => type !== 'null')
  if (others.length > 1) return { ...nullable, anyOf: others.map((type) => one(type, schema)) }
  return others.length === 0 ? nullable : { ...nullable, ...one(others[0], schema) }
}

function one(type: unknown, schema: SchemaObject): SchemaObject {
  if (type !== 'array') return { type }
  return { type, items: 'items' in schema && !('prefixItems' in schema) ? as30(schema['items']) : {} }
}

function bounds(schema: SchemaObject): SchemaObject {
  const { exclusiveMinimum: above, exclusiveMaximum: below } = schema
  return {
    ...(typeof above === 'number' ? { minimum: above, exclusiveMinimum: true } : {}),
    ...(typeof below === 'number' ? { maximum: below, exclusiveMaximum: true } : {}),
  }
}

function choices(schema: SchemaObject): SchemaObject {
  const lists = LISTS.flatMap((keyword) => {
    const options: unknown = schema[keyword]
    if (!Array.isArray(options)) return []
    const others = options.filter((option: unknown) => !isNull(option))
    const nullable = others.length < options.length ? [['nullable', true] as const] : []
    return [...nullable, [keyword, others.map(as30)] as const]
  })
  return Object.fromEntries<unknown>(lists)
}

function isNull(option: unknown): boolean {
  return isNode(option) && option['type'] === 'null'
}

function binary(schema: SchemaObject): SchemaObject {
  if (schema['contentEncoding'] === 'base64') return { format: 'byte' }
  return schema['contentMediaType'] === undefined ? {} : { format: 'binary' }
}

function each(schemas: SchemaObject): SchemaObject {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, as30(schema)]))
}

export function isNode(value: unknown): value is SchemaObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
