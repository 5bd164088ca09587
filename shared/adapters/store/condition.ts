import type { SQLInputValue } from 'node:sqlite'
import type { ExceptionFilter } from '../../core/exceptions/exception'

export interface Condition {
  where: string
  values: SQLInputValue[]
}

/** On the table `exception`. */
export function condition(filter: ExceptionFilter): Condition {
  const text = filter.text === undefined ? undefined : anywhere(filter.text)
  return conditionOf([
    ['workflow = ?', filter.workflow],
    ['state = ?', filter.state],
    ['fingerprint = ?', filter.fingerprint],
    ['code = ?', filter.code],
    ['run = ?', filter.run],
    ['assignee = ?', filter.assignee],
    ['EXISTS (SELECT 1 FROM json_each(tags) WHERE value = ?)', filter.tag],
    [`state = 'open' AND due < ?`, filter.overdueAt],
    [`(key LIKE ? ESCAPE '\\' OR message LIKE ? ESCAPE '\\')`, text],
  ])
}

/** All that have a value; every `?` of one gets its value. */
export function conditionOf(parts: readonly [sql: string, value: SQLInputValue | undefined][]): Condition {
  const found: string[] = []
  const values: SQLInputValue[] = []
  for (const [sql, value] of parts) {
    if (value === undefined) continue
    found.push(sql)
    for (let asked = sql.split('?').length - 1; asked > 0; asked--) values.push(value)
  }
  return { where: found.length === 0 ? 'true' : found.join(' AND '), values }
}

/** The pattern of a text that stands anywhere in another. */
function anywhere(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`
}
