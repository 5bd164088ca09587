import type { JsonSchema } from '../ports'
import { Decimal } from './decimal'
import { isList, isObject, type DataRecord, type Value } from './value'

interface Field {
  types: Set<string>
  formats: Set<string>
  /** Records that have it. */
  count: number
  /** Its texts with a point are all like 1.000 or 12.500.000. */
  grouped: boolean
}

/**
 * A JSON Schema that all the records satisfy: a proposal for a person to look over, not a contract.
 * With `typed: false` every value is text and the schema says what the texts can be converted to; texts that would lose
 * something (leading zeros, mixed kinds) stay strings, and so do those like 1.000 where others have a decimal comma: that is
 * a thousand there.
 */
export function inferSchema(records: readonly DataRecord[], { typed }: { typed: boolean }): JsonSchema {
  const fields = new Map<string, Field>()
  let commas = false
  for (const record of records) {
    for (const [name, value] of Object.entries(record)) {
      const field = fields.get(name) ?? { types: new Set(), formats: new Set(), count: 0, grouped: true }
      fields.set(name, field)
      field.count++
      const { type, format } = typeof value === 'string' ? kindOfText(value, typed) : { type: typeOf(value) }
      field.types.add(type)
      if (value !== null) field.formats.add(format ?? '')
      if (typed || typeof value !== 'string') continue
      commas ||= DECIMAL_COMMA.test(value)
      field.grouped &&= !value.includes('.') || GROUPED.test(value)
    }
  }
  const properties: Record<string, Value> = {}
  for (const [name, field] of fields) {
    if (commas && field.grouped && field.types.delete('number')) field.types.add('string')
    properties[name] = schemaOf(field, typed)
  }
  const required = [...fields].filter(([, field]) => field.count === records.length).map(([name]) => name)
  return { type: 'object', properties, ...(required.length > 0 ? { required } : {}) }
}

function schemaOf({ types, formats }: Field, typed: boolean): Value {
  const nullable = types.has('null')
  const kinds = [...types].filter((type) => type !== 'null')
  if (kinds.length === 0) return {}
  const type = kinds.length === 1 ? kinds[0] : kinds.every(isNumeric) ? 'number' : undefined
  // texts of several kinds are just texts; values of several types have no type in common
  const common = type ?? (!typed && kinds.every(comesAsText) ? 'string' : undefined)
  if (common === undefined) return { type: nullable ? [...kinds, 'null'] : kinds }
  const [format] = formats
  const told =
    common === 'string' && kinds.length === 1 && formats.size === 1 && format !== ''
      ? { format: format ?? '' }
      : {}
  return { type: nullable ? [common, 'null'] : common, ...told }
}

function isNumeric(type: string): boolean {
  return type === 'integer' || type === 'number'
}

function comesAsText(type: string): boolean {
  return type !== 'object' && type !== 'array'
}

function typeOf(value: Value): string {
  if (value === null) return 'null'
  if (value instanceof Decimal) return value.text.includes('.') ? 'number' : 'integer'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  if (isList(value)) return 'array'
  return isObject(value) ? 'object' : typeof value
}

const DECIMAL_COMMA = /^-?(?:\d+|\d{1,3}(?:\.\d{3})+),\d+$/
const GROUPED = /^-?[1-9]\d{0,2}(?:\.\d{3})+$/

const DATE = /^\d{4}-\d{2}-\d{2}$/
const DATE_TIME = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})$/

function kindOfText(text: string, typed: boolean): { type: string; format?: string } {
  if (DATE_TIME.test(text)) return { type: 'string', format: 'date-time' }
  if (DATE.test(text)) return { type: 'string', format: 'date' }
  if (typed) return { type: 'string' }
  if (/^(?:0|-?[1-9]\d*)$/.test(text)) return { type: 'integer' }
  if (/^-?(?:0|[1-9]\d*)\.\d+$/.test(text)) return { type: 'number' }
  return text === 'true' || text === 'false' ? { type: 'boolean' } : { type: 'string' }
}
