import type { Operation, Schema } from './operations/operation'
import { entities } from './schemas'

/** What a published version promises of an operation, complete in itself: every later contract has to keep it. */
export interface OperationPromise {
  method: string
  path: string
  /** By name. */
  parameters: Readonly<Record<string, { in: string; required: boolean; example: unknown }>>
  /** Bodies that are taken, by media type: whole ones, and those with only what is needed. */
  requests: Readonly<Record<string, readonly unknown[]>>
  /** By status and media type: the schema that every answer fits, and an answer. */
  answers: Readonly<
    Record<string, Readonly<Record<string, { schema: Schema; examples: readonly unknown[] }>>>
  >
}

export function promiseOf(operation: Operation): OperationPromise {
  const { method, path, parameters, request, responses } = operation
  return {
    method,
    path,
    parameters: Object.fromEntries(
      parameters.map(({ name, in: where, required, example }) => [name, { in: where, required, example }]),
    ),
    requests: mapped(request?.content ?? {}, ({ schema, examples }) => [
      ...Object.values(examples),
      ...Object.values(examples).map((example) => onlyNeeded(schema, example)),
    ]),
    answers: mapped(responses, ({ content = {} }) =>
      mapped(content, ({ schema, examples }) => ({
        schema: complete(schema),
        examples: Object.values(examples),
      })),
    ),
  }
}

/** The schema with all that it refers to in place. Texts may come to be more than those of a list. */
function complete(schema: Schema): Schema {
  const inner = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(inner)
    if (typeof value !== 'object' || value === null) return value
    if ('$ref' in value) return inner(entityOf(value.$ref))
    return Object.fromEntries(
      Object.entries(value)
        .filter(
          ([keyword, part]) =>
            !(keyword === 'description'
              ? typeof part === 'string'
              : keyword === 'enum' && Array.isArray(part)),
        )
        .map(([keyword, part]) => [keyword, inner(part)]),
    )
  }
  return asSchema(inner(schema))
}

function onlyNeeded(schema: Schema, example: unknown): unknown {
  const { required, properties, oneOf } = asSchema('$ref' in schema ? entityOf(schema['$ref']) : schema)
  // what is needed may be one of several
  if (!Array.isArray(required) || required.length === 0 || !properties || oneOf) return example
  if (typeof example !== 'object' || example === null) return example
  return Object.fromEntries(Object.entries(example).filter(([name]) => required.includes(name)))
}

function entityOf(reference: unknown): Schema {
  const name = String(reference).split('/').at(-1)
  return Object.entries(entities).find(([one]) => one === name)?.[1].schema ?? {}
}

function asSchema(value: unknown): Schema {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function mapped<From, To>(from: Readonly<Record<string, From>>, to: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(from).map(([name, value]) => [name, to(value)]))
}
