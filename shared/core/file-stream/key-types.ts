import type { JsonSchema } from '../ports'
import { Decimal, exactNumber } from '../record/decimal'
import { isObject, textOf, type DataRecord, type Value } from '../record/value'

type Type = 'number' | 'boolean' | 'text'

/**
 * Keys in a textual format: '5' in the file and 5 in a record name the same row, and the keys that the file is
 * asked for must be of the type that the workflow knows them by. The type is the schema's, else that of the keys written.
 */
export class KeyTypes {
  private readonly types = new Map<string, Type>()

  constructor(
    private readonly key: readonly string[],
    schema: JsonSchema | undefined,
  ) {
    const properties = isObject(schema) ? schema['properties'] : undefined
    for (const field of key) {
      const type = isObject(properties) ? declared(properties[field]) : undefined
      if (type !== undefined) this.types.set(field, type)
    }
  }

  /** The key as the file has it. */
  asText(record: DataRecord): DataRecord {
    const key: DataRecord = {}
    for (const field of this.key) {
      const value = record[field]
      if (value !== undefined && value !== null)
        key[field] = value instanceof Decimal ? value.canonical() : textOf(value)
    }
    return key
  }

  /** @returns whether something new was learnt */
  learn(record: DataRecord): boolean {
    let news = false
    for (const field of this.key) {
      const type = typeOf(record[field])
      if (type === undefined || this.types.has(field)) continue
      this.types.set(field, type)
      news = true
    }
    return news
  }

  asKnown(record: DataRecord): DataRecord {
    const key: DataRecord = {}
    for (const field of this.key) {
      const value = record[field]
      if (value !== undefined) key[field] = converted(value, this.types.get(field))
    }
    return key
  }

  learnt(): DataRecord {
    return Object.fromEntries(this.types)
  }

  recall(learnt: Value | undefined): void {
    if (!isObject(learnt)) return
    for (const [field, type] of Object.entries(learnt)) {
      if (type === 'number' || type === 'boolean' || type === 'text') this.types.set(field, type)
    }
  }
}

/** Only where the text is the one that such a value is written as: 007 is not the number 7. */
function converted(value: Value, type: Type | undefined): Value {
  if (typeof value !== 'string') return value
  const typed = type === 'number' ? exactNumber(value) : type === 'boolean' ? value === 'true' : undefined
  return typed !== undefined && textOf(typed) === value ? typed : value
}

function typeOf(value: Value | undefined): Type | undefined {
  if (typeof value === 'number' || value instanceof Decimal) return 'number'
  if (typeof value === 'boolean') return 'boolean'
  return typeof value === 'string' ? 'text' : undefined
}

function declared(schema: Value | undefined): Type | undefined {
  if (!isObject(schema)) return undefined
  const { type } = schema
  if (type === 'integer' || type === 'number') return 'number'
  return type === 'boolean' ? 'boolean' : type === 'string' ? 'text' : undefined
}
