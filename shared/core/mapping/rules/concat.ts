import { Rejection } from '../../record/rejection'
import { isScalar, textOf } from '../../record/value'
import { kindOf, refuse, type Origin, type Place } from '../step'

/** Joins the parts that are there; absent when all are absent, null when the rest is null. Empty texts are parts. */
export function concat(place: Place, parts: readonly Origin[], separator: string): Origin {
  return (record, ledger) => {
    let made: string | null | undefined
    for (const part of parts) {
      const value = part(record, ledger)
      if (value === undefined) continue
      if (value instanceof Rejection) return value
      if (value === null) made ??= null
      else if (!isScalar(value))
        return refuse(place, 'VALUE_NOT_CONVERTIBLE', `has ${kindOf(value)} in its concat; use join`)
      else made = typeof made === 'string' ? made + separator + textOf(value) : textOf(value)
    }
    return made
  }
}
