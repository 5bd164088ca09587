import { Decimal } from '../../../record/decimal'
import type { Value } from '../../../record/value'

/** A text, or a number as it stands in a code. */
export function codeOf(value: Value | undefined): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'number' || value instanceof Decimal ? String(value) : undefined
}
