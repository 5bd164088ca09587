import type { Fixed, FixPreview } from '../../shared/core/exceptions/remedy'
import type { Value } from '../../shared/core/record/value'
import { count } from './number'

const SHOWN = 10

/** What a fix would do, before anything is kept. */
export function previewText({
  changes,
  exceptions,
  applies,
  passes,
  fails,
  unlike,
  missing,
}: FixPreview): string {
  const lines = [
    ...changes.map(changeText),
    '',
    `${count(applies)} of ${exceptions === 1 ? '1 exception' : `${count(exceptions)} exceptions`} of the group ${applies === 1 ? 'has' : 'have'} what it corrects`,
    `${count(passes)} of these would pass mapping and validation now`,
  ]
  for (const [code, { records, message }] of Object.entries(fails))
    lines.push(`${count(records)} would still fail: ${code}, such as "${message}"`)
  if (unlike.length > 0)
    lines.push(
      `${count(unlike.length)} ${unlike.length === 1 ? 'has something else there and stays as it is' : 'have something else there and stay as they are'}: ${some(unlike)}`,
    )
  if (missing.length > 0)
    lines.push(
      `${count(missing.length)} ${missing.length === 1 ? 'is' : 'are'} no longer in the source: ${some(missing)}`,
    )
  return lines.join('\n')
}

export function fixedText(
  { changes, exceptions, group }: Fixed,
  rules: readonly string[],
  id: number,
  all: boolean,
): string {
  const lines = [
    ...changes.map(changeText),
    `kept for ${exceptions === 1 ? '1 exception' : `${count(exceptions)} exceptions`}; nothing is sent yet`,
  ]
  if (rules.length > 0) lines.push('', 'New in the definition:', ...rules.map((rule) => `  ${rule}`))
  lines.push(
    '',
    all
      ? `To send them: tieout exceptions retry --group ${group}`
      : `To send it: tieout exceptions retry ${id}`,
  )
  return lines.join('\n')
}

/** What a field had and is to have. */
export function changeText({ field, from, to }: Edited): string {
  return `${field}: ${shown(from)} -> ${shown(to)}`
}

interface Edited {
  field: string
  from?: Value | undefined
  to?: Value | undefined
}

function shown(value: Value | undefined): string {
  return value === undefined ? '(absent)' : JSON.stringify(value)
}

function some(ids: readonly number[]): string {
  const more = ids.length > SHOWN ? ` and ${count(ids.length - SHOWN)} more` : ''
  return ids.slice(0, SHOWN).join(', ') + more
}
