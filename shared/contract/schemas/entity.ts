import type { Schema } from '../operations/operation'

/** A schema of the API with an example that fits it. Objects may gain members later: clients ignore what they do not know. */
export interface Entity {
  schema: Schema
  example: Readonly<Record<string, unknown>>
}

export interface Property {
  schema: Schema
  description: string
  example: unknown
  optional?: true
}

export interface EntityRules {
  /** What cannot be said of one property alone. */
  rules?: Schema
  /** Properties that the example does without. */
  notInExample?: readonly string[]
}

export function entity(
  description: string,
  properties: Readonly<Record<string, Property>>,
  { rules = {}, notInExample = [] }: EntityRules = {},
): Entity {
  const entries = Object.entries(properties)
  return {
    schema: {
      type: 'object',
      description,
      properties: Object.fromEntries(
        entries.map(([name, { schema, description }]) => [name, { ...schema, description }]),
      ),
      required: entries.filter(([, { optional }]) => !optional).map(([name]) => name),
      ...rules,
    },
    example: Object.fromEntries(
      entries.filter(([name]) => !notInExample.includes(name)).map(([name, { example }]) => [name, example]),
    ),
  }
}

export function property(schema: Schema, description: string, example: unknown): Property {
  return { schema, description, example }
}

export function optional(schema: Schema, description: string, example: unknown): Property {
  return { schema, description, example, optional: true }
}

export const number: Schema = { type: 'number' }
export const text: Schema = { type: 'string' }
export const integer: Schema = { type: 'integer' }
/** How many. */
export const count: Schema = { type: 'integer', minimum: 0 }
export const flag: Schema = { type: 'boolean' }
export const instant: Schema = { type: 'string', format: 'date-time' }
export const uri: Schema = { type: 'string', format: 'uri' }
export const object: Schema = { type: 'object' }
export const texts: Schema = { type: 'array', items: text }

/** One of these texts. Clients take a text that they do not know for the most cautious one they do. */
export function choice(...values: readonly string[]): Schema {
  return { type: 'string', enum: values }
}

/** An object whose members are all of one kind, by names that the data gives. */
export function map(values: Schema): Schema {
  return { type: 'object', additionalProperties: values }
}

/** An object within another: what it has for certain, then what it may have. */
export function shape(members: Readonly<Record<string, Schema>>, needed: readonly string[] = []): Schema {
  return { type: 'object', properties: members, ...(needed.length > 0 ? { required: needed } : {}) }
}

export function list(items: Schema): Schema {
  return { type: 'array', items }
}

export function reference(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` }
}
