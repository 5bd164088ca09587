import { errorEntry, isErrorCode } from '../../shared/contract/errors'
import type { Exception, ExceptionFilter, Group } from '../../shared/core/exceptions/exception'
import type { ChangePreview } from '../../shared/core/exceptions/inbox'
import { shownKey } from '../../shared/core/words'
import { count, time } from './number'
import type { Style } from './style'
import { table } from './table'

/** One paragraph for each cause, the largest first, with the command that leads on. */
export function groupsText(
  groups: readonly Group[],
  total: number,
  filter: ExceptionFilter,
  { strong, faint }: Style,
): string {
  const state = filter.state === undefined ? '' : `${filter.state} `
  if (groups.length === 0) return `There are no ${state}exceptions.`
  const head = `${amount(total, `${state}exception`)} in ${amount(groups.length, 'group')}`
  const width = Math.max(...groups.map((group) => count(group.count).length))
  const paragraphs = groups.map((group) => {
    const { workflow, field, message, code, fingerprint } = group
    const place = field === undefined || message.startsWith(`${field}:`) ? '' : `${field}: `
    const lines = [
      `${strong(count(group.count).padStart(width))}  ${workflow}: ${place}${message}`,
      `${code}${titleOf(code)}`,
      history(group),
      faint(`tieout exceptions list --records --group ${fingerprint}`),
    ]
    return lines.join(`\n${' '.repeat(width + 2)}`)
  })
  return [head, '', paragraphs.join('\n\n')].join('\n')
}

/** One line for each exception. */
export function recordsText(exceptions: readonly Exception[], total: number, now: number): string {
  const last = exceptions.at(-1)
  if (!last) return 'There are no such exceptions.'
  const rows = exceptions.map((exception) => {
    const { id, workflow, last, attempts, due, assignee = '', state } = exception
    const open = state === 'open'
    return [
      String(id),
      workflow,
      recordText(exception),
      cut(last.message),
      count(attempts),
      due === undefined || !open ? '' : due < now ? `${day(due)} late` : day(due),
      open ? assignee : state,
    ]
  })
  const more =
    total > exceptions.length
      ? [`${count(exceptions.length)} of ${count(total)}. Older ones: --before ${String(last.id)}`]
      : []
  return [
    table(['number ', 'workflow', 'record', 'what happened', 'runs ', 'due', 'with'], rows),
    '',
    ...more,
    `To see one whole: tieout exceptions show ${String(exceptions[0]?.id ?? '')}`,
  ].join('\n')
}

/** @param done what would be done, such as 'resolved' */
export function changePreviewText({ ids, first }: ChangePreview, done: string): string {
  const head = `${amount(ids.length, 'exception')} would be ${done}; nothing was changed.`
  const lines = first.map((one) => [String(one.id), one.workflow, recordText(one), cut(one.last.message)])
  const more = ids.length > first.length ? [`and ${count(ids.length - first.length)} more`] : []
  if (lines.length === 0) return head
  return [head, '', table(['number ', 'workflow', 'record', 'what happened'], lines), ...more].join('\n')
}

/** The key of the record as people know it, or where it stands. */
export function recordText({ last: { key, place } }: Pick<Exception, 'last'>): string {
  return key === undefined ? place : shownKey(key)
}

function history({ firstSeen, lastSeen, trend, assignees }: Group): string {
  const today = trend.at(-1) ?? 0
  const week = trend.reduce((sum, number) => sum + number, 0)
  const who = assignees.length === 0 ? '' : `; with ${assignees.join(', ')}`
  return `${count(today)} new in the last day, ${count(week)} in the last week; first ${time(firstSeen)}, last ${time(lastSeen)} UTC${who}`
}

export function titleOf(code: string): string {
  return isErrorCode(code) ? `: ${errorEntry(code).title}` : ''
}

export function amount(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? '' : 's'}`
}

const LONGEST = 60

function cut(text: string): string {
  const line = text.replace(/\s+/g, ' ')
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line
}

function day(at: number): string {
  return time(at).slice(0, 10)
}
