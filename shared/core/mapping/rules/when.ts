import { Rejection } from '../../record/rejection'
import type { Expression } from '../expression'
import { kindOf, refuse, type Origin, type Place } from '../step'

/** The first branch whose condition is true; absent when none is. */
export function when(place: Place, branches: readonly { condition?: Expression; origin: Origin }[]): Origin {
  return (record, ledger) => {
    for (const { condition, origin } of branches) {
      if (!condition) return origin(record, ledger)
      const holds = condition.evaluate(record)
      if (holds instanceof Rejection) return holds
      if (holds === true) return origin(record, ledger)
      if (holds !== false) {
        const found = holds === undefined ? 'absent' : kindOf(holds)
        return refuse(
          place,
          'EXPRESSION_FAILED',
          `has a condition that is ${found} instead of true or false: ${condition.text}`,
        )
      }
    }
    return undefined
  }
}
