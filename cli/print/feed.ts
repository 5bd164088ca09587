import type { FeedPage } from '../../shared/core/exceptions/feed'
import { textOf } from '../../shared/core/record/value'
import { time } from './number'
import { table } from './table'

export function feedText({ events, next }: FeedPage): string {
  const rows = events.map(({ at, type, workflow, exception, who, facts }) => [
    time(at),
    workflow,
    type,
    exception === undefined ? '' : String(exception),
    who,
    textOf(facts['status'] ?? facts['message'] ?? facts['evidence'] ?? facts['comment'] ?? facts['reason']),
  ])
  const text = rows.length === 0 ? 'Nothing happened since.' : table(HEAD, rows)
  return [text, '', `To go on from here: tieout feed --after ${next}`].join('\n')
}

const HEAD = ['at (UTC)', 'workflow', 'what', 'exception ', 'who', '']
