import type { Answer } from '../../core/connector'
import type { Intent } from '../../core/store'
import { keysIn } from './known'
import { bytesOf } from './lanes'
import { isAnswers, saved } from './saved'
import type { Sql } from './sql'

/** Batches that went out and are in no committed segment, and what was answered. */
export class Intents {
  constructor(private readonly sql: Sql) {}

  put(run: string, intent: Intent): void {
    this.sql
      .of('INSERT OR REPLACE INTO intent (run, batch, last_row, keys) VALUES (?, ?, ?, ?)')
      .run(run, intent.batch, intent.row, bytesOf(intent.keys))
  }

  answered(run: string, batch: string, answers: readonly Answer[]): void {
    this.sql
      .of('UPDATE intent SET answers = ? WHERE run = ? AND batch = ?')
      .run(JSON.stringify(answers), run, batch)
  }

  of(run: string): Intent[] {
    const rows = this.sql.of('SELECT batch, last_row, keys, answers FROM intent WHERE run = ?').all(run)
    return rows.map((row) => {
      const intent: Intent = {
        batch: String(row['batch']),
        row: Number(row['last_row']),
        keys: keysIn(row['keys']),
      }
      if (row['answers'] !== null) intent.answers = saved(row['answers'], isAnswers)
      return intent
    })
  }
}
