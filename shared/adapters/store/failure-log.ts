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

  /** Within a transaction of the caller. */
  add(failures: readonly Failure[], kept: boolean): void {
    const insert = this.sql.of(
      'INSERT INTO failure (run, workflow, key, code, kept, at, expired, body) VALUES (?, ?, ?, ?, ?, ?, 0, ?)',
    )
    for (const one of failures)
      insert.run(one.run, one.workflow, one.key ?? null, one.code, Number(kept), one.at, contentOf(one))
  }
}
