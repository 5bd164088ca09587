import type { DecisionPreview, PreviewedDecision } from '../../shared/core/exceptions/decide/preview'
import type { Decided, Problems } from '../../shared/core/exceptions/decide/request'
import type { Value } from '../../shared/core/record/value'
import { shownKey } from '../../shared/core/words'
import type { Decision } from '../../shared/core/reconciliation/store'
import { count } from './number'
import { table } from './table'

/** What stands from now on, and what could not be decided; a receipt says what was written. */
export function decidedText({ decision, standing, problems }: Decided): string {
  const stands =
    standing === 0
      ? []
      : [
          `Decided: ${decision}${standing === 1 ? '' : ` for ${exceptions(standing)}`}, while both sides stay as they are.`,
        ]
  return [...stands, ...problemLines(problems)].join('\n')
}

/** The rules in force, one in a line. */
export function standingText(decisions: readonly Decision[]): string {
  if (decisions.length === 0) return 'Nothing that was decided stands.'
  const rows = decisions.map(({ exception, key, decision, until, who, reason }) => [
    exception === undefined ? '' : String(exception),
    shownKey(key),
    decision,
    until === undefined ? 'a side changes' : new Date(until).toISOString().slice(0, 10),
    who,
    reason,
  ])
  return table(['exception ', 'key', 'decision', 'until', 'who', 'reason'], rows)
}

/** What a decision would do, before anything is kept. */
export function decisionPreviewText(preview: DecisionPreview): string {
  const { writes, unchanged, standing, fails, problems, first } = preview
  const lines = [`${exceptions(preview.exceptions)}; nothing was decided.`]
  if (writes > 0) lines.push(`${count(writes)} would be written`)
  if (unchanged > 0) lines.push(`${count(unchanged)} the target holds so already`)
  if (standing > 0) lines.push(`${count(standing)} would stand while both sides stay as they are`)
  for (const [code, { records, message }] of Object.entries(fails))
    lines.push(`${count(records)} would still fail: ${code}, such as "${message}"`)
  return [...lines, ...problemLines(problems), '', ...first.flatMap(firstLines)].join('\n').trimEnd()
}

function problemLines({ count: all, first }: Problems): string[] {
  if (all === 0) return []
  const more = all > first.length ? [`  and ${count(all - first.length)} more`] : []
  return [
    `${exceptions(all)} not decided:`,
    ...first.map(({ exception, reason }) => `  ${String(exception)}: ${reason}`),
    ...more,
  ]
}

function firstLines({ exception, fields }: PreviewedDecision): string[] {
  return fields.map(
    ({ field, source, target, written }) =>
      `${String(exception)} ${field}: source ${shown(source)}, target ${shown(target)}` +
      (written === undefined ? '' : `, written ${shown(written)}`),
  )
}

function exceptions(number: number): string {
  return number === 1 ? '1 exception' : `${count(number)} exceptions`
}

function shown(value: Value | undefined): string {
  return value === undefined ? '(absent)' : JSON.stringify(value)
}
