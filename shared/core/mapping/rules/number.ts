import Big from 'big.js'
import { Fault } from '../../fault'
import { Decimal, exactNumber, plainNumber } from '../../record/decimal'
import { isScalar } from '../../record/value'
import { toBig } from '../big'
import type { FieldRule } from '../definition'
import { refuse, shown, type Place, type Step } from '../step'
import { number } from './type'

const roundings = { 'half-up': Big.roundHalfUp, 'half-even': Big.roundHalfEven } as const

/** Multiplies and rounds in decimal arithmetic; a double never takes part. */
export function scale(place: Place, rule: FieldRule): Step {
  const factor = rule.factor === undefined ? undefined : parseFactor(place, rule.factor)
  const rounding = roundings[rule.round ?? 'half-up']
  return (value, ledger) => {
    const given = isScalar(value) ? number(value) : undefined
    let result = given === undefined ? undefined : toBig(given)
    if (result === undefined) {
      return refuse(place, 'VALUE_NOT_CONVERTIBLE', `is ${shown(place, value)}; send a number such as 12.5`)
    }
    if (factor !== undefined) result = result.times(factor)
    if (rule.decimals !== undefined) {
      const rounded = result.round(rule.decimals, rounding)
      if (!rounded.eq(result)) ledger.note(place.field, 'ROUNDED')
      result = rounded
    }
    if (rule.type === 'decimal') return Decimal.ofDigits(result.toFixed(rule.decimals))
    return exactNumber(result.toFixed())
  }
}

function parseFactor(place: Place, factor: number | string): Big {
  const text = typeof factor === 'number' ? plainNumber(factor) : factor
  if (Decimal.parse(text) === undefined) {
    throw new Fault(
      'MAPPING_INVALID',
      `map: ${place.field} has the factor "${text}"; write a number such as 0.001`,
    )
  }
  return new Big(text)
}
