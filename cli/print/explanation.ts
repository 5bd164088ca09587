import { withoutRule } from '../../shared/core/exceptions/explain/explain'
import type { GroupExplanation } from '../../shared/core/exceptions/explain/group'
import { count } from './number'
import type { Style } from './style'

/** The rule that separates failures from the rest, and how far it holds. */
export function explanationText(explanation: GroupExplanation, { strong, faint }: Style): string {
  const { workflow, message, rule, others, missing } = explanation
  const lines = [`${strong(workflow)}: ${message}`, '']
  if (rule) lines.push(strong(rule.sentence), faint(shares(rule)))
  else lines.push(withoutRule(explanation))
  for (const other of others) lines.push('', `Also: ${other.sentence}`, faint(shares(other)))
  if (missing > 0)
    lines.push('', `${count(missing)} of the failed records are no longer in the source as they were.`)
  return lines.join('\n')
}

function shares({ support, precision }: { support: number; precision: number }): string {
  return `true of ${percent(support)} of the failures; ${percent(precision)} of the records of which it is true failed`
}

/** 100 is all of them. */
function percent(share: number): string {
  return `${String(Math.min(share < 1 ? 99.9 : 100, Math.round(share * 1000) / 10))} %`
}
