import { isNode } from './dialect'
import type { SchemaObject } from './model'

/** The schema of a user's own records, made part of a document. */

/**
 * `Record` and, under names that begin with it, what its `$defs` define: in a document, `#/` is the document and not the
 * schema.
 */
export function recordSchemas(schema: SchemaObject): Record<string, SchemaObject> {
  const { $defs, definitions, ...rest } = schema
  const root = Object.entries(rest).filter(([keyword]) => keyword !== '$schema' && keyword !== '$id')
  const defs = { ...(isNode(definitions) ? definitions : {}), ...(isNode($defs) ? $defs : {}) }
  return {
    Record: asNode(moved(Object.fromEntries(root))),
    ...Object.fromEntries(Object.entries(defs).map(([name, def]) => [nameOf(name), asNode(moved(def))])),
  }
}

/** A record that the schema is likely to accept: its own examples where it has some. */
export function recordExample(schema: SchemaObject): unknown {
  return example(schema, schema, 0)
}

function nameOf(def: string): string {
  return `Record.${def.replace(/[^A-Za-z0-9._-]/g, '_')}`
}

function moved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(moved)
  if (!isNode(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([keyword, inner]) => {
      const def = keyword === '$ref' ? defOf(inner) : undefined
      if (def !== undefined) return [keyword, `#/components/schemas/${nameOf(def)}`]
      return [keyword, keyword === '$ref' && inner === '#' ? '#/components/schemas/Record' : moved(inner)]
    }),
  )
}

function defOf(reference: unknown): string | undefined {
  return typeof reference === 'string'
    ? /^#\/(?:\$defs|definitions)\/([^/]+)$/.exec(reference)?.[1]
    : undefined
}

const TEXTS: Readonly<Record<string, string>> = {
  date: '2026-11-23',
  'date-time': '2026-11-23T01:00:00Z',
  time: '01:00:00Z',
  email: 'kim@example.com',
  uri: 'https://example.com',
  uuid: '8e03978e-40d5-43e8-bc93-6894a57f9324',
}
const DEEPEST = 8

function example(schema: unknown, root: SchemaObject, depth: number): unknown {
  if (!isNode(schema) || depth > DEEPEST) return null
  const { examples, default: preset, enum: choice, const: fixed, $ref, type, format, minimum } = schema
  if (Array.isArray(examples) && examples.length > 0) return examples[0]
  if (fixed !== undefined) return fixed
  if (preset !== undefined) return preset
  if (Array.isArray(choice)) return choice[0]
  const def = defOf($ref)
  if (def !== undefined) {
    const defs = root['$defs'] ?? root['definitions']
    return example(isNode(defs) ? defs[def] : undefined, root, depth + 1)
  }
  const options = schema['anyOf'] ?? schema['oneOf'] ?? schema['allOf']
  if (Array.isArray(options)) return example(options[0], root, depth + 1)
  switch ([type].flat().find((one) => one !== 'null')) {
    case 'string':
      return TEXTS[String(format)] ?? 'text'
    case 'integer':
    case 'number':
      return typeof minimum === 'number' ? minimum : 1
    case 'boolean':
      return true
    case 'array':
      return [example(schema['items'], root, depth + 1)]
    default:
      return members(schema, root, depth)
  }
}

function members({ properties }: SchemaObject, root: SchemaObject, depth: number): object {
  if (!isNode(properties)) return {}
  return Object.fromEntries(
    Object.entries(properties).map(([name, member]) => [name, example(member, root, depth + 1)]),
  )
}

function asNode(value: unknown): SchemaObject {
  return isNode(value) ? value : {}
}
