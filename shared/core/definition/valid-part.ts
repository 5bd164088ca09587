import type { DefinitionFile } from '../../generated/definition'
import { isObject, textOf, type Value } from '../record/value'
import { complaintsOf, type Complaint, type Finding } from './finding'
import type { Path } from './path'

/** A type guard that also says what it found. */
export type DefinitionCheck = (
  value: unknown,
  found: (findings: Finding[]) => void,
) => value is DefinitionFile

const EMPTY: DefinitionFile = { tieout: 1, connections: {}, workflows: {} }

/**
 * Leaves out what is not valid, so that the rest can be examined further and one pass tells everything. Each round
 * leaves out at least one part.
 */
export function validPart(
  value: Value,
  check: DefinitionCheck,
): { file: DefinitionFile; complaints: Complaint[] } {
  const findings: Finding[] = []
  if (check(value, (found) => findings.push(...found))) return { file: value, complaints: [] }
  const complaints = complaintsOf(findings)
  if (!isObject(value)) return { file: EMPTY, complaints }

  let rest: unknown = value
  let drops = findings.map(dropOf)
  for (;;) {
    const part: unknown = Object.assign({}, EMPTY, drops.reduce(without, rest))
    const found: Finding[] = []
    if (check(part, (findings) => found.push(...findings))) return { file: part, complaints }
    rest = part
    drops = found.map(dropOf)
  }
}

/** What has to go: an unknown or wrong member, or the whole of what lacks something. A list goes as one. */
function dropOf({ keyword, path, params }: Finding): Path {
  const name = params['additionalProperty']
  const place = keyword === 'additionalProperties' ? [...path, textOf(name)] : path
  const list = place.findIndex((step) => /^\d+$/.test(String(step)))
  return list < 0 ? place : place.slice(0, list)
}

function without(value: unknown, path: Path): unknown {
  const [step, ...rest] = path
  if (step === undefined || typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]: [string, unknown]) => {
      if (name !== String(step)) return [[name, member]]
      return rest.length === 0 ? [] : [[name, without(member, rest)]]
    }),
  )
}
