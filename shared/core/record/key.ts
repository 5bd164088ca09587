import { parseJson } from '../format/json'
import { Decimal } from './decimal'
import { Hasher } from './hash'
import { quoted } from './quoted'
import type { DataRecord, Value } from './value'

/**
 * The key of a record as one text: a JSON array of its parts, so that ("1","11") is not ("11","1") and 1 is
 * not "1". Undefined when a part is absent, null, '' or not a scalar: such a record has no identity.
 */
export function keyText(record: DataRecord, key: readonly string[]): string | undefined {
  let text = ''
  for (const field of key) {
    const part = keyPart(record[field])
    if (part === undefined) return undefined
    text = text === '' ? '[' + part : text + ',' + part
  }
  return text + ']'
}

/** The key's fields again, from the text that `keyText` made. */
export function keyOfText(text: string, key: readonly string[]): DataRecord {
  const parts = parseJson(text)
  const record: DataRecord = {}
  if (!Array.isArray(parts)) return record
  for (const [i, field] of key.entries()) {
    const part: unknown = parts[i]
    if (
      typeof part === 'string' ||
      typeof part === 'number' ||
      typeof part === 'boolean' ||
      part instanceof Decimal
    )
      record[field] = part
  }
  return record
}

/** A key that is known by its hash alone, as 16 hexadecimal digits of the text of `keyText`. */
export function hashOfKey(text: string): string {
  const hasher = new Hasher()
  hasher.text(text)
  return hasher.hex()
}

export function keyRecord(record: DataRecord, key: readonly string[]): DataRecord {
  const result: DataRecord = {}
  for (const field of key) {
    const value = record[field]
    if (value !== undefined) result[field] = value
  }
  return result
}

/** The fields of the key that have no usable value. */
export function missingKeyFields(record: DataRecord, key: readonly string[]): string[] {
  return key.filter((field) => keyPart(record[field]) === undefined)
}

function keyPart(value: Value | undefined): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : quoted(value)
  if (typeof value === 'number') return String(value)
  if (value instanceof Decimal) return value.canonical()
  return typeof value === 'boolean' ? String(value) : undefined
}
