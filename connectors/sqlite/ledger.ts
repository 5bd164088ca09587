import { packAnswers, unpackAnswers } from '../../shared/core/database/answers'
import type { Answer } from '../../shared/core/connector'
import type { Session } from './session'

/**
 * The keys of the batches that a workflow has written, in the file and the transaction of the write: a batch that
 * arrives again is answered as the first time.
 */
export class BatchLedger {
  private ready = false

  constructor(
    private readonly session: Session,
    private readonly workflow: string,
  ) {}

  /** Makes the table once, and forgets what is old: a run that was killed goes on within days. */
  prepare(): void {
    if (this.ready) return
    this.session.transaction(() => {
      this.session
        .run(`CREATE TABLE IF NOT EXISTS tieout_ledger (workflow TEXT NOT NULL, idempotency_key TEXT NOT NULL,
        answers TEXT NOT NULL, at TEXT NOT NULL DEFAULT (datetime('now')), PRIMARY KEY (workflow, idempotency_key)) WITHOUT ROWID`)
      this.session.run(`DELETE FROM tieout_ledger WHERE at < datetime('now', '-7 days')`)
    })
    this.ready = true
  }

  /** Within the transaction of the write, as `keep`. */
  replay(batch: string): Answer[] | undefined {
    const row = this.session.row(
      'SELECT answers FROM tieout_ledger WHERE workflow = ? AND idempotency_key = ?',
      this.workflow,
      batch,
    )
    return typeof row?.['answers'] === 'string' ? unpackAnswers(row['answers']) : undefined
  }

  keep(batch: string, answers: readonly Answer[]): void {
    this.session.run(
      'INSERT INTO tieout_ledger (workflow, idempotency_key, answers) VALUES (?, ?, ?)',
      this.workflow,
      batch,
      packAnswers(answers),
    )
  }
}
