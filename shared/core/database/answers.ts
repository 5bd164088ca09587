import { isErrorCode } from '../../contract/errors'
import type { Answer } from '../connector'
import { parseJson } from '../format/json'
import { isList, isObject, textOf, type Value } from '../record/value'

export const CREATED: Answer = { outcome: 'created' }
export const UNCHANGED: Answer = { outcome: 'unchanged' }
export const EXISTS: Answer = { outcome: 'skipped', reason: 'exists' }
export const ABSENT: Answer = { outcome: 'skipped', reason: 'absent' }

/** By a letter each; all other answers are `o` and stand in a list of their own. */
const FIXED: Readonly<Record<string, Answer>> = { c: CREATED, n: UNCHANGED, e: EXISTS, a: ABSENT }

/**
 * Answers of a batch in few bytes, for the ledger that a target keeps: runs of letters and then the other answers, such
 * as `c5000n3o1[{"outcome":"updated"}]`.
 */
export function packAnswers(answers: readonly Answer[]): string {
  let runs = ''
  let last = ''
  let length = 0
  const others: Answer[] = []
  for (const answer of answers) {
    const letter = letterOf(answer)
    if (letter === 'o') others.push(answer)
    if (letter === last) length++
    else {
      if (length > 0) runs += last + String(length)
      last = letter
      length = 1
    }
  }
  if (length > 0) runs += last + String(length)
  return others.length === 0 ? runs : runs + JSON.stringify(others)
}

/** The same answers; numbers in records are equal by value. */
export function unpackAnswers(packed: string): Answer[] {
  const split = packed.indexOf('[')
  const runs = split < 0 ? packed : packed.slice(0, split)
  const others = split < 0 ? [] : parseJson(packed.slice(split))
  const answers: Answer[] = []
  let at = 0
  for (const [, letter = '', length] of runs.matchAll(/([a-z])(\d+)/g)) {
    for (let i = 0; i < Number(length); i++) {
      answers.push(FIXED[letter] ?? parseAnswer(isList(others) ? others[at++] : undefined))
    }
  }
  return answers
}

function letterOf(answer: Answer): string {
  if (answer.outcome === 'created') return 'c'
  if (answer.outcome === 'unchanged') return 'n'
  if (answer.outcome !== 'skipped') return 'o'
  return answer.reason === 'exists' ? 'e' : 'a'
}

function parseAnswer(value: Value | undefined): Answer {
  if (isObject(value)) {
    const { outcome, before, code, message } = value
    if (outcome === 'updated' || outcome === 'deleted')
      return isObject(before) ? { outcome, before } : { outcome }
    if (outcome === 'rejected' && isErrorCode(code)) return { outcome, code, message: textOf(message) }
  }
  return { outcome: 'unknown', message: 'the ledger does not say what became of this record' }
}
