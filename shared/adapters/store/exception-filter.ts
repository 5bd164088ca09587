import type { SQLInputValue } from 'node:sqlite'
import type { ExceptionFilter } from '../../core/exceptions/exception'

export interface Condition {
  /** On the table `exception`. */
  where: string
  values: SQLInputValue[]
}

export function condition(filter: ExceptionFilter): Condition {
  const parts: string[] = []
  const values: SQLInputValue[] = []
  const add = (sql: string, value: SQLInputValue | undefined): void => {
    if (value === undefined) return
    parts.push(sql)
    for (let asked = sql.split('?').length - 1; asked > 0; asked--) values.push(value)
  }
  add('workflow = ?', filter.workflow)
  add('state = ?', filter.state)
  add('fingerprint = ?', filter.fingerprint)
  add('code = ?', filter.code)
  add('run = ?', filter.run)
  add('assignee = ?', filter.assignee)
  add('EXISTS (SELECT 1 FROM json_each(tags) WHERE value = ?)', filter.tag)
  add(`state = 'open' AND due < ?`, filter.overdueAt)
  const text = filter.text === undefined ? undefined : part(filter.text)
  add(`(key LIKE ? ESCAPE '\\' OR message LIKE ? ESCAPE '\\')`, text)
  return { where: parts.length === 0 ? 'true' : parts.join(' AND '), values }
}

/** The pattern of a text that stands anywhere. */
function part(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`
}
