import { Fault } from '../fault'
import type { DataRecord } from '../record/value'

/**
 * Names of a header row, each usable and different from the others.
 * @throws Fault HEADER_INVALID
 */
export function checkedNames(file: string, names: readonly string[]): readonly string[] {
  const empty = names.flatMap((name, i) => (name.trim() === '' ? [i + 1] : []))
  if (empty.length === 1) throw headerFault(file, `column ${empty.join()} has no name`)
  if (empty.length > 1) throw headerFault(file, `columns ${empty.join(', ')} have no name`)
  const twice = names.filter((name, i) => names.indexOf(name) !== i)
  if (twice.length > 0) throw headerFault(file, `column ${[...new Set(twice)].join(', ')} stands there twice`)
  if (names.includes('__proto__')) throw headerFault(file, 'column __proto__ is not a usable name')
  return names
}

const WAYS_OUT =
  'Correct the header row, say with `headerRow` where it is, or name the fields with `columns`.'

export function headerFault(file: string, what: string, wayOut = WAYS_OUT): Fault {
  const place = what.startsWith(file) ? '' : `${file}: `
  return new Fault('HEADER_INVALID', `${place}${what}. ${wayOut}`, { file })
}

/** @throws Fault DEFINITION_INVALID where a value has no column: it would be lost */
export function assertColumns(record: DataRecord, columns: readonly string[]): void {
  const lost = Object.keys(record).find((name) => (record[name] ?? null) !== null && !columns.includes(name))
  if (lost === undefined) return
  throw new Fault(
    'DEFINITION_INVALID',
    `\`columns\` of the target names no column for the field ${lost}; add it there, or leave it out in the mapping ('*': drop)`,
    { field: lost },
  )
}
