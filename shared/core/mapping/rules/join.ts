import { isList, isScalar, textOf } from '../../record/value'
import { kindOf, refuse, type Place, type Step } from '../step'

/** Makes one text of a list; null items are left out. A value that is no list stays as it is. */
export function join(place: Place, separator: string): Step {
  return (value) => {
    if (!isList(value)) return value
    const parts: string[] = []
    for (const item of value) {
      if (!isScalar(item))
        return refuse(place, 'VALUE_NOT_CONVERTIBLE', `has ${kindOf(item)} in its list; join needs texts`)
      if (item !== null) parts.push(textOf(item))
    }
    return parts.join(separator)
  }
}
