import { keyText } from '../record/key'
import { isScalar, type DataRecord } from '../record/value'

/** As `keyText` gives it, and with null for a part that a record lacks: breaks of such records have to be told too. */
export function breakKey(record: DataRecord, fields: readonly string[]): string {
  const whole = keyText(record, fields)
  if (whole !== undefined) return whole
  const parts = fields.map((field) => {
    const value = record[field]
    return value === undefined || value === '' || !isScalar(value) ? null : value
  })
  return JSON.stringify(parts)
}
