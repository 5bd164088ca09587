import { Decimal } from '../record/decimal'
import { isList, isObject, type Value } from '../record/value'

/** Bytes that V8 takes for an object or array, and for a slot of it, more or less. */
const OBJECT = 48
const SLOT = 12
const TEXT = 24

/** How much memory a value takes, more or less. */
export function sizeOf(value: Value): number {
  if (typeof value === 'string') return TEXT + value.length
  if (value instanceof Decimal) return OBJECT + TEXT + value.text.length
  if (isList(value)) return value.reduce((bytes: number, item) => bytes + SLOT + sizeOf(item), OBJECT)
  if (!isObject(value)) return 0
  let bytes = OBJECT
  for (const field in value) bytes += SLOT + sizeOf(value[field] ?? null)
  return bytes
}
