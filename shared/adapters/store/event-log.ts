import type { ExceptionStore } from '../../core/exceptions/store'
import type { FeedEvent, NewEvent } from '../../core/feed'
import { printJson } from '../../core/format/json'
import { conditionOf } from './condition'
import { eventOf } from './exception-rows'
import type { Sql } from './sql'

export type EventFilter = Parameters<ExceptionStore['events']>[0]

/** Everything that happened, in the order in which it was committed. */
export class EventLog {
  constructor(private readonly sql: Sql) {}

  /** Within a transaction of the caller. */
  add({ at, type, workflow, run, exception, who, facts }: NewEvent): void {
    this.sql
      .of('INSERT INTO event (at, type, workflow, run, exception, who, facts) VALUES (?, ?, ?, ?, ?, ?, ?)')
      .run(at, type, workflow, run ?? null, exception ?? null, who, printJson(facts))
  }

  /** The id of the last; 0 where nothing happened yet. */
  last(): number {
    return Number(this.sql.of('SELECT max(id) AS id FROM event').get()?.['id'] ?? 0)
  }

  lastBefore(at: number): number {
    const row = this.sql.of('SELECT max(id) AS id FROM event WHERE at < ?').get(at)
    return Number(row?.['id'] ?? 0)
  }

  count({ after, types, workflows }: Parameters<ExceptionStore['countEvents']>[0]): number {
    const { where, values } = conditionOf([
      ['id > ?', after],
      ['type IN (SELECT value FROM json_each(?))', types && JSON.stringify(types)],
      ['workflow IN (SELECT value FROM json_each(?))', workflows && JSON.stringify(workflows)],
    ])
    const row = this.sql.of(`SELECT count(*) AS count FROM event WHERE ${where}`).get(...values)
    return Number(row?.['count'] ?? 0)
  }

  read({ after = 0, exception, workflow, type, limit }: EventFilter): FeedEvent[] {
    const { where, values } = conditionOf([
      ['id > ?', after],
      ['exception = ?', exception],
      ['workflow = ?', workflow],
      ['type = ?', type],
    ])
    const rows = this.sql.of(`SELECT * FROM event WHERE ${where} ORDER BY id LIMIT ?`).all(...values, limit)
    return rows.map(eventOf)
  }
}
