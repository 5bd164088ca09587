import { parseJson } from '../format/json'
import { rfc3339Of } from '../record/date-time'
import { exactNumber } from '../record/decimal'
import { isList, isObject, type DataRecord, type Value } from '../record/value'

/** Longer texts are no numbers that a system would keep as such. */
const NUMBER = 64
/** 2026-01-02 03:04 */
const SHORTEST_TIME = 16
const NINE = 57
const COLON = 58
const T = 84
const BRACKET = 91
const BRACE = 123

/**
 * What all forms of a record have in common that systems keep it in: a column of numbers holds 0.50 where the text '0.5'
 * was sent, a CSV file '5' where it was a number, a database '2026-01-02 03:04:05' as a time.
 * @returns the record itself where it is in that form
 */
export function commonForm(record: DataRecord): DataRecord {
  let common: DataRecord | undefined
  for (const field in record) {
    const value = record[field]
    if (value === undefined || value === null || typeof value === 'number') continue
    const form = commonValue(value)
    if (form !== value) (common ??= { ...record })[field] = form
  }
  return common ?? record
}

function commonValue(value: Value): Value {
  if (typeof value === 'string') return commonText(value)
  if (typeof value === 'boolean') return value ? 1 : 0
  if (isList(value)) return value.map(commonValue)
  return isObject(value) ? commonForm(value) : value
}

/** Asked of every text of every record that is written: most end at their first character. */
function commonText(text: string): Value {
  const first = text.charCodeAt(0)
  if (first === BRACE || first === BRACKET) return commonJson(text)
  if (text === 'true') return 1
  if (text === 'false') return 0
  // of digits and signs, none lies beyond 9
  if (!(first <= NINE)) return text
  if (isUtc(text)) return text
  const time = text.length < SHORTEST_TIME ? undefined : rfc3339Of(text)
  return time ?? (text.length <= NUMBER ? exactNumber(text) : undefined) ?? text
}

/** 2026-01-02T03:04:05Z, also with a fraction, is in the common form, and most date-times are written so. */
function isUtc(text: string): boolean {
  return text.charCodeAt(10) === T && text.charCodeAt(16) === COLON && text.endsWith('Z')
}

/** Formats without types keep lists and objects as JSON. */
function commonJson(text: string): Value {
  try {
    return commonValue(parseJson(text))
  } catch {
    return text
  }
}
