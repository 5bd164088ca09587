import type { FieldRule } from '../definition'
import type { Place, Step } from '../step'

/** What becomes of ''. */
export function emptyAs(place: Place, becomes: Exclude<FieldRule['emptyAs'], undefined>): Step {
  const [value, alteration] =
    becomes === 'absent' ? ([undefined, 'EMPTY_TO_ABSENT'] as const) : ([null, 'EMPTY_TO_NULL'] as const)
  return (given, ledger) => {
    if (given !== '') return given
    ledger.note(place.field, alteration)
    return value
  }
}
