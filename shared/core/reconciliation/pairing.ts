import { canonicalText } from '../record/canonical'
import type { DataRecord } from '../record/value'
import type { Comparison } from './comparison'

export interface Pair {
  source: DataRecord
  target: DataRecord
}

export interface Paired {
  pairs: Pair[]
  source: DataRecord[]
  target: DataRecord[]
}

/**
 * One to one among the records of one key, whatever their order: those that are equal first, then the rest in the order of
 * their text. What is left over is on one side only.
 */
export function pairUp(
  source: readonly DataRecord[],
  target: readonly DataRecord[],
  comparison: Comparison,
): Paired {
  const [one] = source
  const [two] = target
  if (source.length === 1 && target.length === 1 && one && two)
    return { pairs: [{ source: one, target: two }], source: [], target: [] }
  const left = inOrder(source)
  const equals = byCanonical(inOrder(target), comparison)
  const pairs: Pair[] = []
  const unpaired = left.filter((record) => {
    const partner = equals.get(comparison.canonical(record, 'source'))?.shift()
    if (partner) pairs.push({ source: record, target: partner })
    return !partner
  })
  const rest = inOrder([...equals.values()].flat())
  const more = Math.min(unpaired.length, rest.length)
  for (const [i, record] of unpaired.slice(0, more).entries()) {
    const partner = rest[i]
    if (partner) pairs.push({ source: record, target: partner })
  }
  return { pairs, source: unpaired.slice(more), target: rest.slice(more) }
}

/** By their text, so that the order in which they came does not matter. */
export function inOrder(records: readonly DataRecord[]): DataRecord[] {
  if (records.length < 2) return [...records]
  return records
    .map((record) => ({ record, text: canonicalText(record) }))
    .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
    .map(({ record }) => record)
}

function byCanonical(records: readonly DataRecord[], comparison: Comparison): Map<string, DataRecord[]> {
  const groups = new Map<string, DataRecord[]>()
  for (const record of records) {
    const text = comparison.canonical(record, 'target')
    const group = groups.get(text)
    if (group) group.push(record)
    else groups.set(text, [record])
  }
  return groups
}
