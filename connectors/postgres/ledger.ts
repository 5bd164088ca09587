import type { Answer } from '../../shared/core/connector'
import { packAnswers, unpackAnswers } from '../../shared/core/database/answers'
import type { Session } from './session'
import { literal, qualified } from './sql'
import type { Transaction } from './transaction'

const TABLE = 'tieout_ledger'
/** A batch in doubt is repeated within minutes; a run that was killed goes on within days. */
const KEEP = '7 days'

/**
 * The keys of the batches that a workflow has written, in the schema of the target and in the transaction of the
 * write: a batch that arrives again is answered as the first time.
 */
export class BatchLedger {
  private ready: Promise<void> | undefined
  private readonly sql: string

  constructor(
    private readonly session: Session,
    private readonly schema: string,
    private readonly workflow: string,
  ) {
    this.sql = qualified({ schema, table: TABLE })
  }

  /** @returns the GRANT that is missing, or undefined when the ledger can be kept */
  async missingGrant(tx: Transaction): Promise<string | undefined> {
    const [row] = await tx.rows(
      `SELECT CASE WHEN to_regclass($1) IS NULL THEN has_schema_privilege($2, 'CREATE')
         ELSE has_table_privilege(to_regclass($1), 'SELECT') AND has_table_privilege(to_regclass($1), 'INSERT')
          AND has_table_privilege(to_regclass($1), 'DELETE') END, to_regclass($1) IS NULL, quote_ident(current_user)`,
      [this.sql, this.schema],
    )
    if (row?.[0] === 't') return undefined
    const user = row?.[2] ?? ''
    return row?.[1] === 't'
      ? `GRANT CREATE ON SCHEMA ${qualified({ schema: undefined, table: this.schema })} TO ${user};`
      : `GRANT SELECT, INSERT, DELETE ON ${this.sql} TO ${user};`
  }

  /** Makes the table once, and forgets what is old. */
  async prepare(): Promise<void> {
    this.ready ??= this.session.transaction('READ WRITE', async (tx) => {
      const [there] = await tx.rows('SELECT to_regclass($1) IS NOT NULL', [this.sql])
      if (there?.[0] !== 't') {
        // two that create it at once would meet in the catalogue
        await tx.run(`SELECT pg_advisory_xact_lock(hashtext('${TABLE}'))`)
        await tx.run(`CREATE TABLE IF NOT EXISTS ${this.sql} (workflow text, idempotency_key text, answers text NOT NULL,
          at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (workflow, idempotency_key))`)
        // compressing what is nearly never read would cost more than the write itself
        await tx.run(`ALTER TABLE ${this.sql} ALTER answers SET STORAGE EXTERNAL`)
      }
      await tx.run(`DELETE FROM ${this.sql} WHERE at < now() - interval '${KEEP}'`)
      return { result: undefined, closing: 'SELECT' }
    })
    try {
      await this.ready
    } catch (error) {
      this.ready = undefined
      throw error
    }
  }

  async replay(tx: Transaction, batch: string): Promise<Answer[] | undefined> {
    const [row] = await tx.rows(
      `SELECT answers FROM ${this.sql} WHERE workflow = $1 AND idempotency_key = $2`,
      [this.workflow, batch],
    )
    return row?.[0] == null ? undefined : unpackAnswers(row[0])
  }

  /** The statement that remembers a batch. */
  entry(batch: string, answers: readonly Answer[]): string {
    const values = [this.workflow, batch, packAnswers(answers)].map(literal)
    return `INSERT INTO ${this.sql} (workflow, idempotency_key, answers) VALUES (${values.join(', ')})`
  }
}
