import type { JsonSchema } from '../ports'
import { isObject, type Value } from '../record/value'

/** The schema of a field, where the schema lists it under `properties`. */
export function propertyOf(schema: JsonSchema | undefined, name: string): JsonSchema | undefined {
  const properties = propertiesOf(schema)
  return properties && Object.hasOwn(properties, name) ? asSchema(properties[name]) : undefined
}

export function propertiesOf(schema: JsonSchema | undefined): Readonly<Record<string, Value>> | undefined {
  return typeof schema === 'object' && isObject(schema['properties']) ? schema['properties'] : undefined
}

export function itemsOf(schema: JsonSchema | undefined): JsonSchema | undefined {
  return typeof schema === 'object' ? asSchema(schema['items']) : undefined
}

export function saysPersonal(schema: JsonSchema | undefined): boolean {
  return typeof schema === 'object' && schema['personal'] === true
}

function asSchema(value: Value | undefined): JsonSchema | undefined {
  return typeof value === 'boolean' || isObject(value) ? value : undefined
}
