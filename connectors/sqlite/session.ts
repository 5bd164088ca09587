import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import type { Traffic } from '../../shared/core/connector'
import { databaseFault } from './faults'
import type { Row } from './values'

/** One handle on the file. node:sqlite works synchronously: a batch or page keeps the process busy while it runs. */
export class Session {
  private readonly statements = new Map<string, StatementSync>()

  private constructor(
    private readonly db: DatabaseSync,
    /** For messages: the path as the definition has it. */
    readonly file: string,
    private readonly traffic: Traffic,
  ) {}

  /** @throws Fault DATABASE_FILE_UNUSABLE */
  static open(path: string, file: string, busyTimeoutMs: number, traffic: Traffic): Session {
    try {
      // a file that is not there would be made, empty, by a mistyped path: mode rw refuses
      const url = new URL('file:?mode=rw')
      url.pathname = path
      const db = new DatabaseSync(url)
      const session = new Session(db, file, traffic)
      db.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}; PRAGMA foreign_keys = ON`)
      session.rows('SELECT count(*) FROM sqlite_schema')
      return session
    } catch (error) {
      throw databaseFault(error, file)
    }
  }

  rows(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.statement(sql).all(...values)
  }

  row(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.statement(sql).get(...values)
  }

  /** @returns how many rows the statement wrote */
  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.statement(sql).run(...values).changes)
  }

  statement(sql: string): StatementSync {
    this.traffic.calls++
    let statement = this.statements.get(sql)
    if (!statement) {
      statement = this.db.prepare(sql)
      statement.setReadBigInts(true)
      this.statements.set(sql, statement)
    }
    return statement
  }

  /** @throws Fault of the database category; then nothing was written */
  transaction<T>(work: () => T, end: 'COMMIT' | 'ROLLBACK' = 'COMMIT'): T {
    try {
      this.db.exec(end === 'COMMIT' ? 'BEGIN IMMEDIATE' : 'BEGIN')
      const result = work()
      this.db.exec(end)
      return result
    } catch (error) {
      if (this.db.isTransaction) this.db.exec('ROLLBACK')
      throw databaseFault(error, this.file)
    }
  }

  /** Statements outside a transaction of ours. */
  guarded<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      throw databaseFault(error, this.file)
    }
  }

  close(): void {
    if (this.db.isOpen) this.db.close()
  }
}
