import type { Answer, SkipReason } from '../connector'
import { parseJson, printJson } from '../format/json'
import { isList, isObject, type Value } from '../record/value'

/** Answers as they are kept for a batch that may arrive again. A refusal is found again, so its place is kept only. */
export function printAnswers(answers: readonly Answer[]): string {
  return printJson(answers.map(asValue))
}

/** @param refusal the answer to the write at this place, which was refused */
export function parseAnswers(text: string, refusal: (at: number) => Answer): Answer[] {
  const values = parseJson(text)
  return isList(values) ? values.map((value, at) => asAnswer(value) ?? refusal(at)) : []
}

function asValue(answer: Answer): Value {
  switch (answer.outcome) {
    case 'created':
    case 'unchanged':
      return { outcome: answer.outcome }
    case 'updated':
    case 'deleted':
      return { outcome: answer.outcome, before: answer.before ?? null }
    case 'skipped':
      return { outcome: 'skipped', reason: answer.reason }
    case 'rejected':
    case 'retry':
    case 'unknown':
      return null
  }
}

const REASONS: readonly SkipReason[] = ['exists', 'absent', 'duplicate', 'held']

function asAnswer(value: Value): Answer | undefined {
  if (!isObject(value)) return undefined
  const { outcome, before } = value
  if (outcome === 'created' || outcome === 'unchanged') return { outcome }
  if (outcome === 'updated' || outcome === 'deleted')
    return isObject(before) ? { outcome, before } : { outcome }
  const reason = REASONS.find((known) => known === value['reason'])
  return outcome === 'skipped' && reason !== undefined ? { outcome, reason } : undefined
}
