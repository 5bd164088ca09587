import { isScalar, textOf, type DataRecord } from '../../shared/core/record/value'

/** Enough to recognise a value by. */
const SHOWN = 80

/**
 * What came in a field that is at fault, for who reads the answer; nothing where it is absent, null or no plain value.
 * @param record its personal fields are masked
 */
export function receivedIn(record: DataRecord, field: string | undefined): { received?: string } {
  const value = field !== undefined && Object.hasOwn(record, field) ? record[field] : undefined
  if (value === undefined || value === null || !isScalar(value)) return {}
  const text = textOf(value)
  return { received: text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text }
}
