import { errorEntry, isErrorCode } from '../../shared/contract/errors'
import { entryOverHttp } from '../../shared/contract/errors/over-http'
import type { Exception, Fix, Group } from '../../shared/core/exceptions/exception'
import { withoutRule } from '../../shared/core/exceptions/explain/explain'
import type { GroupExplanation } from '../../shared/core/exceptions/explain/group'
import type { ExceptionView } from '../../shared/core/exceptions/inbox'
import { fieldOf } from '../../shared/core/exceptions/fingerprint'
import { shownChanges } from '../../shared/core/exceptions/sealed'
import type { FeedEvent } from '../../shared/core/feed'

/** Exceptions, groups and events as the contract shows them: times are texts. */

export function exceptionView(exception: Exception): object {
  const { last } = exception
  const field = fieldOf(last)
  return {
    id: exception.id,
    workflow: exception.workflow,
    ...(last.key === undefined ? {} : { key: last.key }),
    state: exception.state,
    code: last.code,
    title: titleOf(last.code),
    message: last.message,
    stage: last.stage,
    place: last.place,
    ...(field === undefined ? {} : { field }),
    group: exception.fingerprint,
    run: last.run,
    attempts: exception.attempts,
    firstSeen: instant(exception.firstSeen),
    lastSeen: instant(exception.lastSeen),
    ...(exception.due === undefined ? {} : { due: instant(exception.due) }),
    ...(exception.assignee === undefined ? {} : { assignee: exception.assignee }),
    tags: exception.tags,
    record: last.record,
    ...(last.sent === undefined ? {} : { sent: last.sent }),
    ...(last.target === undefined ? {} : { target: last.target }),
    ...(exception.fix ? { fix: fixView(exception.fix) } : {}),
    ...(exception.resolution
      ? { resolution: { ...exception.resolution, at: instant(exception.resolution.at) } }
      : {}),
    version: exception.version,
  }
}

function fixView({ changes, who, at }: Fix): object {
  return { changes: shownChanges(changes), who, at: instant(at) }
}

export function wholeView({ exception, history }: ExceptionView): object {
  const { code } = exception.last
  const meaning = isErrorCode(code) ? entryOverHttp(code) : undefined
  return {
    ...exceptionView(exception),
    owner: meaning?.owner ?? 'other-system',
    causes: meaning?.causes ?? [],
    steps: meaning?.steps ?? [],
    history: history.map(eventView),
  }
}

export function explanationView(explanation: GroupExplanation): object {
  const { failed, passed, rule } = explanation
  return {
    sentence: rule?.sentence ?? withoutRule(explanation),
    failures: failed,
    others: passed,
    ...(rule ? { support: rule.support, precision: rule.precision } : {}),
  }
}

export function groupView(group: Group): object {
  return {
    group: group.fingerprint,
    workflow: group.workflow,
    code: group.code,
    title: titleOf(group.code),
    stage: group.stage,
    ...(group.field === undefined ? {} : { field: group.field }),
    message: group.message,
    count: group.count,
    firstSeen: instant(group.firstSeen),
    lastSeen: instant(group.lastSeen),
    trend: group.trend,
  }
}

export function eventView({ at, ...event }: FeedEvent): object {
  return { ...event, at: instant(at) }
}

function titleOf(code: string): string {
  return isErrorCode(code) ? errorEntry(code).title : code
}

export function instant(ms: number): string {
  return new Date(ms).toISOString()
}
