import { InvalidDefinition } from '../../shared/core/definition/problem'
import type { Fault } from '../../shared/core/fault'
import type { Style } from './style'

/** Who does what, as people call them. */
export const WHO = {
  you: 'you',
  'your-network-team': 'your network team',
  'other-system': 'the other system',
  us: 'the makers of Tieout',
} as const

/** Code, what happened, likely causes, who does what next and how to check. */
export function faultText(fault: Fault, { strong, bad }: Style): string {
  const { number, title, causes, steps } = fault.entry
  const lines = [bad(strong(`${fault.code} (${number}): ${title}`)), ...indented(fault.detail)]
  // each problem of a definition says by itself what to do
  if (fault instanceof InvalidDefinition) return lines.join('\n')
  lines.push('', 'Likely causes')
  for (const { cause, check } of causes) lines.push(`  - ${cause}`, `    check: ${check}`)
  lines.push('', 'What to do')
  for (const [at, step] of steps.entries()) {
    lines.push(`  ${at + 1}. ${WHO[step.who]}: ${step.do}`, `     check: ${step.verify}`)
  }
  return lines.join('\n')
}

function indented(text: string): string[] {
  return text.split('\n').map((line) => `  ${line}`)
}
