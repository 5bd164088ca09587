import { parseJson, printJson } from '../format/json'
import type { Sealer } from '../ports'
import { maskValue } from '../record/mask'
import { isValue } from '../record/value'
import type { FieldChange } from './exception'
import { personalFault } from './fix'
import { without } from './lifecycle'

// What a person sets a personal field to is kept sealed until it has gone out; everybody reads its mask.

/** Whose the fix is: a sealed value of one exception is of no use in another. */
export interface Sealing {
  workflow: string
  exception: number
  sealer: Sealer | undefined
}

/** Changes as they are kept. @throws Fault FIX_PERSONAL where nothing can be sealed */
export function sealedChanges(changes: readonly FieldChange[], { sealer, ...whose }: Sealing): FieldChange[] {
  return changes.map((change) => {
    const { field, to, guard } = change
    if (guard === undefined || to === undefined) return change
    if (!sealer) throw personalFault(field)
    return { ...change, to: maskValue(to), sealed: sealer.seal(nameOf(whose, field), printJson(to)) }
  })
}

/** Changes as they are made; undefined when the key that sealed them is gone. */
export function openedChanges(
  changes: readonly FieldChange[],
  { sealer, ...whose }: Sealing,
): FieldChange[] | undefined {
  const opened: FieldChange[] = []
  for (const change of changes) {
    if (change.sealed === undefined) opened.push(change)
    else {
      const text = sealer?.unseal(nameOf(whose, change.field), change.sealed)
      const to: unknown = text === undefined ? undefined : parseJson(text)
      if (to === undefined || !isValue(to)) return undefined
      opened.push({ ...without(change, 'sealed'), to })
    }
  }
  return opened
}

/** Changes as everybody may read them. */
export function shownChanges(changes: readonly FieldChange[]): FieldChange[] {
  return changes.map(({ field, from, to, guard }) => ({
    field,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to: guard === undefined ? to : maskValue(to) }),
  }))
}

function nameOf({ workflow, exception }: Omit<Sealing, 'sealer'>, field: string): string {
  return `fix of ${field} in exception ${String(exception)} of ${workflow}`
}
