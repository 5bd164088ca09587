import type { Answer } from './connector'
import { parseJson } from './format/json'
import { isList, isObject, type DataRecord, type Value } from './record/value'

/** What a database target answers; one letter each in the packed form. */
const ANSWERS: Readonly<Record<string, Answer>> = {
  c: { outcome: 'created' },
  n: { outcome: 'unchanged' },
  e: { outcome: 'skipped', reason: 'exists' },
  a: { outcome: 'skipped', reason: 'absent' },
}

/**
 * Answers of a batch in few bytes, for a ledger beside the target: runs of letters (`c5000n3u1`) and the records as
 * they were before. Answers that tell of a failure have no packed form: such a batch was not written.
 */
export function packAnswers(answers: readonly Answer[]): string {
  let runs = ''
  let last = ''
  let length = 0
  const before: Value[] = []
  for (const answer of answers) {
    const letter = letterOf(answer)
    if (answer.outcome === 'updated' || answer.outcome === 'deleted') before.push(answer.before ?? null)
    if (letter === last) length++
    else {
      if (length > 0) runs += last + String(length)
      last = letter
      length = 1
    }
  }
  if (length > 0) runs += last + String(length)
  return before.length === 0 ? runs : runs + JSON.stringify(before)
}

export function unpackAnswers(packed: string): Answer[] {
  const split = packed.indexOf('[')
  const runs = split < 0 ? packed : packed.slice(0, split)
  const before = split < 0 ? [] : parseJson(packed.slice(split))
  const answers: Answer[] = []
  let at = 0
  for (const [, letter = '', length] of runs.matchAll(/([a-z])(\d+)/g)) {
    for (let i = 0; i < Number(length); i++) {
      const fixed = ANSWERS[letter]
      answers.push(
        fixed ?? changed(letter === 'u' ? 'updated' : 'deleted', isList(before) ? before[at++] : undefined),
      )
    }
  }
  return answers
}

function changed(outcome: 'updated' | 'deleted', before: Value | undefined): Answer {
  return isObject(before) ? { outcome, before: before satisfies DataRecord } : { outcome }
}

function letterOf(answer: Answer): string {
  if (answer.outcome === 'skipped') return answer.reason === 'exists' ? 'e' : 'a'
  const letters: Partial<Record<Answer['outcome'], string>> = { created: 'c', updated: 'u', deleted: 'd' }
  return letters[answer.outcome] ?? 'n'
}
