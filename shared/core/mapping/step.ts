import type { ErrorCode } from '../../contract/errors'
import type { Ledger } from '../record/ledger'
import { Rejection } from '../record/rejection'
import { isList, isScalar, textOf, type DataRecord, type Scalar, type Value } from '../record/value'

/** `undefined` is absent. */
export type Result = Value | undefined | Rejection

/** Finds or makes a field's value from the source record. */
export type Origin = (record: DataRecord, ledger: Ledger) => Result

/** Turns one value into another; never sees absent or null. */
export type Step = (value: Value, ledger: Ledger) => Result

/** Where a rule stands: what its rejections and ledger entries name. */
export interface Place {
  /** Name of the target field, dotted where it is nested. */
  field: string
  /** RFC 6901 pointer to the source value; undefined where it has several sources. */
  pointer?: string
  /** Values of personal fields are never shown. */
  personal: boolean
}

/** @param problem follows the field's name: 'is "12,50"; send a number' */
export function refuse(place: Place, code: ErrorCode, problem: string): Rejection {
  return new Rejection(code, `${place.field} ${problem}`, place.pointer)
}

/** A value as a message may show it: cut, quoted when it is a text, hidden when it is personal. */
export function shown(place: Place, value: Value): string {
  const kind = kindOf(value)
  if (place.personal || !isScalar(value)) return kind
  const text = textOf(value)
  const cut = text.length > 40 ? text.slice(0, 40) + '…' : text
  return typeof value === 'string' ? JSON.stringify(cut) : `the ${kind.replace(/^an? /, '')} ${cut}`
}

export function kindOf(value: Value): string {
  if (value === null) return 'null'
  if (isList(value)) return 'a list'
  if (!isScalar(value)) return 'an object'
  return { string: 'a text', boolean: 'a boolean' }[typeof value as string] ?? 'a number'
}

/** A step for texts and numbers; lists and objects are refused. */
export function onScalar(
  place: Place,
  rule: string,
  step: (value: Exclude<Scalar, null>, ledger: Ledger) => Result,
): Step {
  return (value, ledger) =>
    isScalar(value) && value !== null
      ? step(value, ledger)
      : refuse(place, 'VALUE_NOT_CONVERTIBLE', `is ${kindOf(value)}; ${rule} needs one value`)
}
