import { Rejection } from '../../record/rejection'
import type { Value } from '../../record/value'
import type { Origin, Place } from '../step'

/** A value instead of absent and of null. An empty text is a value. */
export function withDefault(place: Place, origin: Origin, value: Value): Origin {
  return (record, ledger) => {
    const found = origin(record, ledger)
    if (found instanceof Rejection || (found !== undefined && found !== null)) return found
    ledger.note(place.field, 'DEFAULTED')
    return value
  }
}
