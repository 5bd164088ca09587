import { Rejection } from '../../record/rejection'
import { isList, isObject, type Value } from '../../record/value'
import type { Mapper } from '../mapper'
import { kindOf, refuse, type Place, type Step } from '../step'

/** Maps every object of a list. One object is a list of one: so XML shows a list that has a single item. */
export function each(place: Place, mapper: Mapper): Step {
  return (value, ledger) => {
    const items = isList(value) ? value : [value]
    const mapped: Value[] = []
    for (const [index, item] of items.entries()) {
      if (!isObject(item))
        return refuse(place, 'VALUE_NOT_CONVERTIBLE', `has ${kindOf(item)} in its list; each needs objects`)
      const result = mapper.map(item, ledger)
      if (result instanceof Rejection) return inItem(place, index, result)
      mapped.push(result)
    }
    return mapped
  }
}

function inItem(place: Place, index: number, { code, message, pointer }: Rejection): Rejection {
  const at = `${place.pointer ?? ''}/${String(index)}${pointer ?? ''}`
  return new Rejection(code, `item ${String(index + 1)}: ${message}`, at)
}
