import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { saved } from './saved'

/** A database with its prepared statements, shared by the parts of the store. */
export class Sql {
  private readonly statements = new Map<string, StatementSync>()

  constructor(private readonly db: DatabaseSync) {}

  /** Prepared once. */
  of(text: string): StatementSync {
    let statement = this.statements.get(text)
    if (!statement) this.statements.set(text, (statement = this.db.prepare(text)))
    return statement
  }

  /** The `body` of one row as what it was saved as. */
  body<T>(text: string, guard: (value: unknown) => value is T, ...values: SQLInputValue[]): T | undefined {
    const row = this.of(text).get(...values)
    return row ? saved(row['body'], guard) : undefined
  }

  transaction<T>(work: () => T): Promise<T> {
    this.db.exec('BEGIN IMMEDIATE')
    try {
      const result = work()
      this.db.exec('COMMIT')
      return Promise.resolve(result)
    } catch (error) {
      this.db.exec('ROLLBACK')
      throw error
    }
  }

  close(): void {
    this.statements.clear()
    this.db.close()
  }
}
