import type { Altered, Answer, Operation, Write } from '../../shared/core/connector'
import { hasFields } from '../../shared/core/database/table'
import type { LedgerCounts } from '../../shared/core/record/ledger'

/** The writes of a batch that have the same operation and the same fields, so that absent fields stay untouched. */
export interface Group {
  operation: Operation
  fields: readonly string[]
  writes: Write[]
  /** Place of each write in the batch. */
  places: number[]
  /** What was altered to print it, counted. */
  altered: LedgerCounts
  /** By place in the group, the fields that the table holds otherwise. */
  held: Map<number, Altered>
}

export function groupWrites(writes: readonly Write[], key: readonly string[]): Group[] {
  const groups = new Map<string, Group>()
  let last: Group | undefined
  writes.forEach((write, place) => {
    if (!last || last.operation !== write.operation || !hasFields(write.record, last.fields)) {
      const fields = write.operation === 'delete' ? key : Object.keys(write.record)
      const name = JSON.stringify([write.operation, [...fields].sort()])
      last = groups.get(name) ?? {
        operation: write.operation,
        fields,
        writes: [],
        places: [],
        altered: {},
        held: new Map(),
      }
      groups.set(name, last)
    }
    last.writes.push(write)
    last.places.push(place)
  })
  return [...groups.values()]
}

export function setAnswer(group: Group, n: number, answer: Answer, answers: Answer[]): void {
  const place = group.places[n]
  if (place !== undefined) answers[place] = answer
}

/** To the answers of what was written. */
export function addHeld({ held, places }: Group, answers: Answer[]): void {
  for (const [n, altered] of held) {
    const place = places[n] ?? 0
    const answer = answers[place]
    if (answer?.outcome === 'created' || answer?.outcome === 'updated')
      answers[place] = { ...answer, altered }
  }
}

export function fillOthers(group: Group, done: Iterable<number>, answer: Answer, answers: Answer[]): void {
  const settled = new Set(done)
  for (const [n, place] of group.places.entries()) if (!settled.has(n)) answers[place] = answer
}
