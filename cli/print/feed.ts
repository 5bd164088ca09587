import type { FeedPage } from '../../shared/core/exceptions/feed'
import { textOf, type DataRecord } from '../../shared/core/record/value'
import { time } from './number'
import { table } from './table'

export function feedText({ events, next }: FeedPage): string {
  const rows = events.map(({ at, type, workflow, exception, who, facts }) => [
    time(at),
    workflow,
    type,
    exception === undefined ? '' : String(exception),
    who,
    said(facts),
  ])
  const text = rows.length === 0 ? 'Nothing happened since.' : table(HEAD, rows)
  return [text, '', `To go on from here: tieout feed --after ${next}`].join('\n')
}

function said({ status, fault, message, evidence, comment, reason }: DataRecord): string {
  if (status !== undefined && fault !== undefined) return `${textOf(status)} ${textOf(fault)}`
  return textOf(status ?? message ?? evidence ?? comment ?? reason)
}

const HEAD = ['at (UTC)', 'workflow', 'what', 'exception ', 'who', '']
