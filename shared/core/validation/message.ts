import type { Violation } from '../ports'
import { isList, isObject, textOf, type Value } from '../record/value'

/** Violations of one record that are told; a list of a million bad items would otherwise fill the memory. */
export const maxViolations = 20

interface Failure {
  /** What the schema gives the keyword. */
  expected: Value | undefined
  found: Value | undefined
}

const messages: Readonly<Record<string, (failure: Failure) => string>> = {
  type: ({ expected, found }) => `expected ${alternatives(expected)}, found ${kindOf(found)}`,
  enum: ({ expected }) => `expected one of ${listed(expected)}`,
  const: ({ expected }) => `expected ${listed([expected ?? null])}`,
  minimum: ({ expected }) => `expected at least ${textOf(expected)}`,
  maximum: ({ expected }) => `expected at most ${textOf(expected)}`,
  exclusiveMinimum: ({ expected }) => `expected more than ${textOf(expected)}`,
  exclusiveMaximum: ({ expected }) => `expected less than ${textOf(expected)}`,
  multipleOf: ({ expected }) => `expected a multiple of ${textOf(expected)}`,
  minLength: ({ expected, found }) =>
    `expected at least ${counted(expected, 'character')}, found ${lengthOf(found)}`,
  maxLength: ({ expected, found }) =>
    `expected at most ${counted(expected, 'character')}, found ${lengthOf(found)}`,
  pattern: ({ expected }) => `expected a text that matches ${textOf(expected)}`,
  format: ({ expected }) => `expected the format ${textOf(expected)}${example(expected)}`,
  required: () => 'is missing',
  dependentRequired: () => 'is missing beside the fields that are there',
  dependencies: () => 'is missing beside the fields that are there',
  additionalProperties: () => 'is not in the schema',
  unevaluatedProperties: () => 'is not in the schema',
  additionalItems: () => 'is one item too many',
  unevaluatedItems: () => 'is one item too many',
  propertyNames: () => 'has a field with a name that the schema refuses',
  minProperties: ({ expected }) => `expected at least ${counted(expected, 'field')}`,
  maxProperties: ({ expected }) => `expected at most ${counted(expected, 'field')}`,
  minItems: ({ expected }) => `expected at least ${counted(expected, 'item')}`,
  maxItems: ({ expected }) => `expected at most ${counted(expected, 'item')}`,
  uniqueItems: () => 'expected items that all differ',
  contains: () => 'expected an item that fits `contains`',
  anyOf: ({ expected }) => needed(expected) ?? 'fits none of the alternatives in anyOf',
  oneOf: () => 'expected to fit exactly one of the alternatives in oneOf',
  not: () => 'fits what `not` rules out',
  false: () => 'is not allowed here',
}

/** Where each alternative is to have one field more. */
function needed(alternatives: Value | undefined): string | undefined {
  if (!isList(alternatives)) return undefined
  const names = alternatives.flatMap((one) => {
    const required = isObject(one) && Object.keys(one).length === 1 ? one['required'] : undefined
    return isList(required) && required.length === 1 ? textOf(required[0]) : []
  })
  return names.length === alternatives.length ? `needs one of ${names.join(', ')}` : undefined
}

/** What is said of a failed keyword; undefined for keywords that only pass on what failed below them. */
export function violation(pointer: string, keyword: string, failure: Failure): Violation | undefined {
  const message = messages[keyword]?.(failure)
  return message === undefined ? undefined : { pointer, keyword, message }
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  integer: 'an integer',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
  null: 'null',
}

function alternatives(types: Value | undefined): string {
  const names = isList(types) ? types : [types ?? null]
  return names.map((name) => kinds[textOf(name)] ?? textOf(name)).join(' or ')
}

function kindOf(found: Value | undefined): string {
  if (found === undefined) return 'nothing'
  if (found === null) return 'null'
  if (isList(found)) return 'a list'
  if (isObject(found)) return 'an object'
  if (typeof found === 'string') return found === '' ? 'an empty text' : 'a text'
  if (typeof found === 'boolean') return 'a boolean'
  return typeof found === 'number' && Number.isInteger(found) ? 'an integer' : 'a number with decimals'
}

function listed(values: Value | undefined): string {
  const all = isList(values) ? values : []
  const shown = all
    .slice(0, 10)
    .map((value) => (typeof value === 'string' && value !== '' ? value : JSON.stringify(value)))
  return (
    shown.join(', ') + (all.length > shown.length ? ` and ${String(all.length - shown.length)} more` : '')
  )
}

function counted(count: Value | undefined, thing: string): string {
  return `${textOf(count)} ${thing}${count === 1 ? '' : 's'}`
}

/** In characters as JSON Schema counts them: code points. */
function lengthOf(found: Value | undefined): string {
  return String(Array.from(textOf(found)).length)
}

const examples: Readonly<Record<string, string>> = {
  'date-time': '2024-05-31T14:00:00Z',
  date: '2024-05-31',
  time: '14:00:00Z',
  duration: 'P1DT2H',
  email: 'name@example.com',
  uuid: '123e4567-e89b-42d3-a456-426614174000',
  uri: 'https://example.com/path',
}

function example(format: Value | undefined): string {
  const text = examples[textOf(format)]
  return text === undefined ? '' : ` (such as ${text})`
}
