import type { FieldRule } from '../definition'
import type { Place, Step } from '../step'

/** What becomes of ''. */
export function emptyAs(place: Place, becomes: NonNullable<FieldRule['emptyAs']>): Step {
  const [value, alteration] =
    becomes === 'null' ? ([null, 'EMPTY_TO_NULL'] as const) : ([undefined, 'EMPTY_TO_ABSENT'] as const)
  return (given, ledger) => {
    if (given !== '') return given
    ledger.note(place.field, alteration)
    return value
  }
}
