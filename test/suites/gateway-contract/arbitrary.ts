/* eslint-disable @typescript-eslint/no-unsafe-type-assertion -- schemas are read as the data that they are; a wrong guess fails the test */
import * as fc from 'fast-check'
import type { Parameter, Schema } from '../../../shared/contract/operations/operation'
import { entities } from '../../../shared/contract/schemas'

/** Values that a schema takes, as far as its keywords tell; rules across members are left to chance. */
export function fitting(schema: Schema): fc.Arbitrary<unknown> {
  const { $ref, enum: choice, const: fixed, anyOf, type } = schema
  if (typeof $ref === 'string') return fitting(entityOf($ref))
  if (fixed !== undefined) return fc.constant(fixed)
  if (Array.isArray(choice)) return fc.constantFrom(...(choice as unknown[]))
  if (Array.isArray(anyOf)) return fc.oneof(...(anyOf as Schema[]).map(fitting))
  if (Array.isArray(type)) return fc.oneof(...type.map((one) => fitting({ ...schema, type: one as unknown })))
  return typed(schema)
}

function typed(schema: Schema): fc.Arbitrary<unknown> {
  switch (schema['type']) {
    case 'string':
      return texts(schema)
    case 'integer':
      return fc.integer({ min: bound(schema, 'minimum', -1000), max: bound(schema, 'maximum', 1_000_000) })
    case 'number':
      return fc.double({ min: bound(schema, 'exclusiveMinimum', 0) + 0.001, max: 1e9, noNaN: true })
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'array':
      return fc.array(fitting((schema['items'] ?? {}) as Schema), {
        minLength: bound(schema, 'minItems', 0),
        maxLength: Math.min(5, bound(schema, 'maxItems', 5)),
      })
    case 'object':
      return objects(schema)
    default:
      return fc.jsonValue()
  }
}

function texts(schema: Schema): fc.Arbitrary<string> {
  const { format, pattern } = schema
  if (format === 'date-time')
    return fc
      .date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) })
      .map((at) => at.toISOString())
  if (format === 'uri') return fc.webUrl()
  if (typeof pattern === 'string')
    return fc.stringMatching(new RegExp(pattern)).filter((text) => text.length < 200)
  return fc.string({
    minLength: bound(schema, 'minLength', 0),
    maxLength: Math.min(60, bound(schema, 'maxLength', 60)),
    unit: 'grapheme',
  })
}

function objects({
  properties = {},
  required = [],
  additionalProperties: rest,
}: Schema): fc.Arbitrary<unknown> {
  const members = Object.entries(properties as Record<string, Schema>)
  if (members.length === 0)
    return fc.dictionary(fc.string(), typeof rest === 'object' ? fitting(rest as Schema) : fc.jsonValue(), {
      maxKeys: 4,
    })
  const model = Object.fromEntries(members.map(([name, schema]) => [name, fitting(schema)]))
  return fc.record(model, { requiredKeys: required as string[] })
}

/** Anything that JSON can say: other types, far too large, signs of all languages, members nobody knows. */
export const wild: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ stringUnit: 'grapheme' }),
  fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue()),
  fc.constantFrom<unknown>(null, [], {}, '', 0, -1, 1e308, 'x'.repeat(100_000), { __proto__x: 1 }, [[[[]]]]),
)

/** A parameter as people and middleware garble it, or one that is right where others are not. */
export function garbled({ schema }: Parameter, there: readonly string[] = []): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 3, arbitrary: there.length > 0 ? fc.constantFrom(...there) : fitting(schema).map(String) },
    fc.string({ unit: 'grapheme', maxLength: 80 }),
    fc.constantFrom(
      '',
      ' ',
      '-1',
      '0',
      '1e99',
      'null',
      '../..',
      '%00',
      "' OR 1=1 --",
      'x'.repeat(600),
      '９９',
      '\u202e',
    ),
  )
}

function bound(schema: Schema, keyword: string, otherwise: number): number {
  const value = schema[keyword]
  return typeof value === 'number' ? value : otherwise
}

function entityOf(reference: string): Schema {
  const found = Object.entries(entities).find(([name]) => reference.endsWith(`/${name}`))
  if (!found) throw new Error(`There is no ${reference}.`)
  return found[1].schema
}
