import type { Failure, KeptFailure } from '../../core/exceptions/exception'
import { contentOf, failureOf } from './exception-rows'
import type { Sql } from './sql'

/** What failed in each run. */
export class FailureLog {
  constructor(private readonly sql: Sql) {}

  of({ run, limit, after = 0 }: { run: string; limit: number; after?: number }): KeptFailure[] {
    const rows = this.sql
      .of('SELECT id, body FROM failure WHERE run = ? AND id > ? ORDER BY id LIMIT ?')
      .all(run, after, limit)
    return rows.map((row) => ({ ...failureOf(row['body']), id: Number(row['id']) }))
  }

  /** Where the rows of a run stand that failed with the same content: how many, and the first of them. */
  alike({ run, hash, code }: Failure, most: number): { count: number; places: string[] } {
    const same = `FROM failure WHERE run = ? AND json_extract(body, '$.hash') = ? AND code = ?`
    const count = this.sql.of(`SELECT count(*) AS count ${same}`).get(run, hash, code)?.['count']
    const places = this.sql
      .of(
        `SELECT json_extract(body, '$.place') AS place ${same} ORDER BY json_extract(body, '$.row') LIMIT ?`,
      )
      .all(run, hash, code, most)
    return { count: Number(count ?? 0), places: places.map(({ place }) => String(place)) }
  }

  /** Within a transaction of the caller: of what is older, only that it failed, where and why stays. */
  empty(workflow: string, before: number, keys: 'kept' | 'emptied'): void {
    const gone = ['$.sent', '$.target', ...(keys === 'emptied' ? ['$.key'] : [])]
      .map((path) => `'${path}'`)
      .join()
    this.sql
      .of(
        `UPDATE failure SET expired = 1, ${keys === 'emptied' ? 'key = NULL,' : ''}
        body = json_set(json_remove(body, ${gone}), '$.message', '', '$.record', json('{}'))
        WHERE workflow = ? AND at < ? AND expired = 0`,
      )
      .run(workflow, before)
  }

  /** Within a transaction of the caller. */
  add(failures: readonly Failure[], kept: boolean): void {
    const insert = this.sql.of(
      'INSERT INTO failure (run, workflow, key, code, kept, at, expired, body) VALUES (?, ?, ?, ?, ?, ?, 0, ?)',
    )
    for (const one of failures)
      insert.run(one.run, one.workflow, one.key ?? null, one.code, Number(kept), one.at, contentOf(one))
  }
}
