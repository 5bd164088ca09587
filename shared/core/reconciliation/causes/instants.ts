import type { FieldBreak } from '../break'
import { momentOf } from '../moment'

const DATE = /^\d{4}-\d\d-\d\d$/
export const DAY = 86_400_000

/** Milliseconds since 1970 of two dates (`days`) or two date-times that differ. */
export function instantsOf(field: FieldBreak): { source: number; target: number; days: boolean } | undefined {
  const source = momentOf(field.source)
  const target = source === undefined ? undefined : momentOf(field.target)
  if (source === undefined || target === undefined || source === target) return undefined
  const days = isDate(field.source)
  return days === isDate(field.target) ? { source, target, days } : undefined
}

function isDate(value: FieldBreak['source']): boolean {
  return typeof value === 'string' && DATE.test(value)
}
