import type { Place, Step } from '../step'

/** Removes white space at both ends of texts. */
export function trim(place: Place): Step {
  return (value, ledger) => {
    if (typeof value !== 'string') return value
    const trimmed = value.trim()
    if (trimmed.length !== value.length) ledger.note(place.field, 'TRIMMED')
    return trimmed
  }
}
