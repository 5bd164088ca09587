import type { JsonSchema } from '../ports'
import { toPointer } from '../mapping/path'
import { isList, isObject, textOf, type Value } from '../record/value'
import { schemaInvalid } from './draft'

type Check = (value: Value, path: readonly string[]) => void

const types = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string']

const keywords: Readonly<Record<string, Check>> = {
  ...each(['$id', '$ref', '$anchor', '$schema', 'format', 'title', 'description'], text),
  ...each(['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'], must('a number', isNumber)),
  ...each(['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties'], count()),
  ...each(['minContains', 'maxContains'], count()),
  ...each(['additionalProperties', 'unevaluatedProperties', 'propertyNames', 'additionalItems'], schemaAt),
  ...each(['unevaluatedItems', 'contains', 'not', 'if', 'then', 'else'], schemaAt),
  ...each(['allOf', 'anyOf', 'oneOf', 'prefixItems'], schemaList),
  ...each(['properties', '$defs', 'definitions', 'dependentSchemas'], mapOf(schemaAt)),
  multipleOf: must('a number above 0', (value) => isNumber(value) && value > 0),
  uniqueItems: must('true or false', (value) => typeof value === 'boolean'),
  enum: must('a list', isList),
  ...each(
    ['$dynamicRef', '$recursiveRef'],
    must('written as $ref; references that depend on the caller are not supported', () => false),
  ),
  required: texts,
  dependentRequired: mapOf(texts),
  dependencies: mapOf((value, path) => {
    if (isList(value)) texts(value, path)
    else schemaAt(value, path)
  }),
  items: (value, path) => {
    if (isList(value)) for (const [index, item] of value.entries()) schemaAt(item, [...path, String(index)])
    else schemaAt(value, path)
  },
  pattern: (value, path) => {
    regex(value, path)
  },
  patternProperties: (value, path) => {
    mapOf(schemaAt)(value, path)
    if (isObject(value)) for (const name of Object.keys(value)) regex(name, path)
  },
  type: must(`one of ${types.join(', ')}`, (value) =>
    (isList(value) && value.length > 0 ? value : [value]).every(
      (name) => typeof name === 'string' && types.includes(name),
    ),
  ),
}

/**
 * Whether the keywords of a schema have values that they can have. Both validators judge a schema by this one list, so
 * that a workflow which runs on one platform runs on all.
 *
 * @throws Fault SCHEMA_INVALID naming the place
 */
export function checkSchema(schema: JsonSchema): void {
  schemaAt(schema, [])
}

function schemaAt(schema: Value, path: readonly string[]): void {
  if (typeof schema === 'boolean') return
  if (!isObject(schema)) throw schemaInvalid(toPointer(path), 'must be a schema: an object, true or false')
  for (const [keyword, value] of Object.entries(schema)) {
    if (Object.hasOwn(keywords, keyword)) keywords[keyword]?.(value, [...path, keyword])
  }
}

function schemaList(value: Value, path: readonly string[]): void {
  if (!isList(value) || value.length === 0) throw schemaInvalid(toPointer(path), 'must be a list of schemas')
  for (const [index, schema] of value.entries()) schemaAt(schema, [...path, String(index)])
}

function mapOf(check: Check): Check {
  return (value, path) => {
    if (!isObject(value)) throw schemaInvalid(toPointer(path), 'must be an object')
    for (const [name, inner] of Object.entries(value)) check(inner, [...path, name])
  }
}

function must(what: string, holds: (value: Value) => boolean): Check {
  return (value, path) => {
    if (!holds(value)) throw schemaInvalid(toPointer(path), `must be ${what}`)
  }
}

function text(value: Value, path: readonly string[]): void {
  must('a text', (found) => typeof found === 'string')(value, path)
}

function texts(value: Value, path: readonly string[]): void {
  must('a list of texts', (found) => isList(found) && found.every((item) => typeof item === 'string'))(
    value,
    path,
  )
}

function count(): Check {
  return must(
    'a whole number, 0 or more',
    (value) => isNumber(value) && Number.isInteger(value) && value >= 0,
  )
}

function regex(value: Value, path: readonly string[]): void {
  text(value, path)
  try {
    new RegExp(textOf(value), 'u')
  } catch (error) {
    throw schemaInvalid(toPointer(path), 'must be a regular expression', error)
  }
}

function isNumber(value: Value): value is number {
  return typeof value === 'number'
}

function each(names: readonly string[], check: Check): Record<string, Check> {
  return Object.fromEntries(names.map((name) => [name, check]))
}
