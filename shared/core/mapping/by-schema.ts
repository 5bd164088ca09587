import type { JsonSchema } from '../ports'
import { isList, isObject, type DataRecord, type Value } from '../record/value'
import { boolean, integer, number } from './rules/type'
import { itemsOf, propertiesOf, propertyOf } from './schema'

export type Conversion = (value: Value) => Value

const scalars: readonly (readonly [type: string, convert: (text: string) => Value | undefined])[] = [
  ['integer', integer],
  ['number', number],
  ['boolean', boolean],
]

/**
 * Converts texts to what the schema wants, for sources that know only texts. What cannot be converted stays as it is:
 * validation then says what is wrong with it. Undefined where the schema wants nothing but texts. A `$ref` is not
 * followed.
 */
export function bySchema(schema: JsonSchema | undefined): Conversion | undefined {
  if (typeof schema !== 'object') return undefined
  const declared = schema['type'] ?? []
  const types = isList(declared) ? declared : [declared]
  if (types.includes('string')) return undefined
  const ofText = scalars.filter(([type]) => types.includes(type)).map(([, convert]) => convert)
  const ofItem = bySchema(itemsOf(schema))
  const ofFields = fieldConversions(schema)
  if (ofText.length === 0 && !ofItem && !ofFields) return undefined
  return (value) => {
    if (typeof value === 'string') return convertText(value, ofText)
    if (ofItem && isList(value)) return value.map((item) => ofItem(item))
    if (ofFields && isObject(value)) return convertFields(value, ofFields)
    return value
  }
}

/** By field, only the fields that have something to convert. */
export function fieldConversions(
  schema: JsonSchema | undefined,
): ReadonlyMap<string, Conversion> | undefined {
  const conversions = new Map<string, Conversion>()
  for (const name of Object.keys(propertiesOf(schema) ?? {})) {
    const convert = bySchema(propertyOf(schema, name))
    if (convert) conversions.set(name, convert)
  }
  return conversions.size > 0 ? conversions : undefined
}

export function convertFields(
  record: Readonly<Record<string, Value>>,
  conversions: ReadonlyMap<string, Conversion>,
): DataRecord {
  const converted: DataRecord = { ...record }
  for (const [name, convert] of conversions) {
    const value = converted[name]
    if (value !== undefined && value !== null) converted[name] = convert(value)
  }
  return converted
}

function convertText(text: string, conversions: readonly ((text: string) => Value | undefined)[]): Value {
  for (const convert of conversions) {
    const value = convert(text)
    if (value !== undefined) return value
  }
  return text
}
