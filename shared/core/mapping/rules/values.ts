import type { FieldRule } from '../definition'
import { textOf } from '../../record/value'
import { onScalar, refuse, shown, type Place, type Step } from '../step'

/** Code -> value. */
export function lookUp(
  place: Place,
  values: NonNullable<FieldRule['values']>,
  otherwise: FieldRule['otherwise'] = 'reject',
): Step {
  const table = new Map(Object.entries(values))
  const known = cut([...table.keys()])
  return onScalar(place, 'values', (code) => {
    const found = table.get(textOf(code))
    if (found !== undefined) return found
    if (otherwise === 'keep') return code
    if (otherwise === 'reject')
      return refuse(place, 'VALUE_NOT_IN_LOOKUP', `is ${shown(place, code)}; known are ${known}`)
    return otherwise.value
  })
}

function cut(codes: string[]): string {
  const first = codes.slice(0, 8).map((code) => JSON.stringify(code))
  return (
    first.join(', ') + (codes.length > first.length ? ` and ${String(codes.length - first.length)} more` : '')
  )
}
