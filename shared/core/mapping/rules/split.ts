import { textOf } from '../../record/value'
import { onScalar, type Place, type Step } from '../step'

/** A list of the parts, or with `take` one of them (absent where there are fewer). */
export function split(place: Place, separator: string, take: number | undefined): Step {
  return onScalar(place, 'split', (value) => {
    const parts = textOf(value).split(separator)
    return take === undefined ? parts : parts.at(take)
  })
}
