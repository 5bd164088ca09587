import { Decimal } from './decimal'

/**
 * A value of business data. Absent (the field is missing), null and '' are three different values.
 * Date-times are texts in ISO 8601 with their zone; numbers that a double cannot hold are Decimals.
 */
export type Value =
  null | boolean | number | string | Decimal | readonly Value[] | { readonly [field: string]: Value }

/** A record: one row of business data. (`Record` is TypeScript's own.) */
export interface DataRecord {
  [field: string]: Value
}

export type Scalar = null | boolean | number | string | Decimal

export function isScalar(value: Value): value is Scalar {
  return value === null || typeof value !== 'object' || value instanceof Decimal
}

export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value)
}

export function isObject(value: Value | undefined): value is { readonly [field: string]: Value } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Decimal)
}

/** Whether something from a library is business data, at every depth. */
export function isValue(value: unknown): value is Value {
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return true
  if (Array.isArray(value)) return value.every(isValue)
  return value instanceof Decimal || (typeof value === 'object' && Object.values(value).every(isValue))
}

/** The text of a scalar as people write it; null and undefined are ''. */
export function textOf(value: Value | undefined): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return value
  return typeof value === 'object' && !(value instanceof Decimal) ? JSON.stringify(value) : String(value)
}
