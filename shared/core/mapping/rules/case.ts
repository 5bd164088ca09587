import type { Place, Step } from '../step'

/** Upper or lower case of texts, by Unicode and for no language in particular. */
export function changeCase(place: Place, to: 'upper' | 'lower'): Step {
  return (value, ledger) => {
    if (typeof value !== 'string') return value
    const changed = to === 'upper' ? value.toUpperCase() : value.toLowerCase()
    if (changed !== value) ledger.note(place.field, 'CASE_CHANGED')
    return changed
  }
}
