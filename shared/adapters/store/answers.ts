import { KEPT_MS, type Keep } from '../../core/keep'
import type { Sql } from './sql'

/** The table of `Answers`, for the schema of every database with effects that keep theirs. */
export const ANSWERS = `
  CREATE TABLE answer (id TEXT PRIMARY KEY, at INTEGER NOT NULL, text TEXT NOT NULL) WITHOUT ROWID;
  CREATE INDEX answer_by_age ON answer (at);
`

/** Answers in the database of the effects that they tell of. */
export class Answers {
  constructor(private readonly sql: Sql) {}

  /** Within the transaction of the effect. Those whose time is over go. */
  keep<Done>(keep: Keep<Done> | undefined, done: Done): void {
    if (!keep) return
    const { id, at, text } = keep
    this.sql.of('DELETE FROM answer WHERE at < ?').run(at - KEPT_MS)
    this.sql.of('INSERT INTO answer (id, at, text) VALUES (?, ?, ?)').run(id, at, text(done))
  }

  text(id: string): string | undefined {
    const row = this.sql.of('SELECT text FROM answer WHERE id = ?').get(id)
    return row && String(row['text'])
  }
}
