import type { JsonSchema } from '../../shared/core/ports'
import { isObject } from '../../shared/core/record/value'
import type { Examined } from './examine'

/** What the two ends mean for the workflow between them. */
export interface Draft {
  schema: JsonSchema | undefined
  key: readonly string[] | undefined
  /** Target field -> source field; absent when the names are the same on both sides. */
  map: Readonly<Record<string, string>> | undefined
}

/** The target says what its records look like, where it can; fields are matched by name, whatever its notation. */
export function draft(source: Examined, target: Examined): Draft {
  const from = fieldsOf(source.schema)
  const to = fieldsOf(target.schema)
  if (to.length === 0 || from.length === 0)
    return { schema: source.schema, key: target.key ?? source.key, map: undefined }
  const map: Record<string, string> = {}
  for (const field of to) {
    const match = from.includes(field) ? field : from.find((other) => bare(other) === bare(field))
    if (match !== undefined) map[field] = match
  }
  const key =
    target.key?.every((field) => Object.hasOwn(map, field)) === true ? target.key : renamed(source.key, map)
  const same = from.every((field) => map[field] === field)
  return { schema: target.schema, key, map: same ? undefined : map }
}

function renamed(
  key: readonly string[] | undefined,
  map: Readonly<Record<string, string>>,
): string[] | undefined {
  const names = key?.map((field) => Object.keys(map).find((name) => map[name] === field))
  return names?.every((name) => name !== undefined) === true ? names : undefined
}

function bare(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
}

function fieldsOf(schema: JsonSchema | undefined): string[] {
  const properties = typeof schema === 'object' ? schema['properties'] : undefined
  return isObject(properties) ? Object.keys(properties) : []
}
