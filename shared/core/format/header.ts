import { Fault } from '../fault'

/**
 * Names of a header row, each usable and different from the others.
 * @throws Fault HEADER_INVALID
 */
export function checkedNames(file: string, names: readonly string[]): readonly string[] {
  const empty = names.flatMap((name, i) => (name.trim() === '' ? [i + 1] : []))
  if (empty.length > 0) throw headerFault(file, `column ${empty.join(', ')} has no name`)
  const twice = names.filter((name, i) => names.indexOf(name) !== i)
  if (twice.length > 0) throw headerFault(file, `column ${[...new Set(twice)].join(', ')} stands there twice`)
  if (names.includes('__proto__')) throw headerFault(file, 'column __proto__ is not a usable name')
  return names
}

export function headerFault(file: string, what: string): Fault {
  return new Fault(
    'HEADER_INVALID',
    `${file}: ${what}. Correct the header row, or name the fields with \`columns\`.`,
    { file },
  )
}
