import { compileMapping } from '../mapping/compile'
import type { JsonSchema } from '../ports'
import { exactNumber } from '../record/decimal'
import { UNCOUNTED } from '../record/ledger'
import { Rejection } from '../record/rejection'
import { textOf, type DataRecord, type Value } from '../record/value'

/**
 * What a target holds, in the forms in which it may have been sent: a column of numbers holds 5 where a text '5' was
 * sent, and a CSV file '5' where it was a number.
 */
export function formsBy(schema: JsonSchema | undefined): (held: DataRecord) => Iterable<DataRecord> {
  const mapper = schema === undefined ? undefined : compileMapping(undefined, { typed: false, schema })
  return function* (held) {
    yield held
    yield each(held, (value) => (value === null ? null : textOf(value)))
    const typed = mapper?.map(held, UNCOUNTED)
    if (typed !== undefined && !(typed instanceof Rejection)) yield typed
    yield each(held, plainValue)
  }
}

function each(record: DataRecord, of: (value: Value) => Value): DataRecord {
  const made: DataRecord = {}
  for (const [field, value] of Object.entries(record)) made[field] = of(value)
  return made
}

/** The number or truth value that is written as this text: 007 is none. */
function plainValue(value: Value): Value {
  if (typeof value !== 'string') return value
  if (value === 'true' || value === 'false') return value === 'true'
  const number = exactNumber(value)
  return number !== undefined && textOf(number) === value ? number : value
}
