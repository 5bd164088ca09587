import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import type { Consistency, Traffic } from '../../shared/core/connector'
import { databaseFault } from './faults'
import type { Row } from './values'

export interface Held {
  outcome(): Consistency
  release(): void
}

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

  /**
   * What is read until it is released is of one moment, as far as that keeps nobody from writing: in WAL mode by a read
   * transaction, else only where nobody wrote meanwhile.
   */
  hold(): Held {
    const wal = this.row('PRAGMA journal_mode')?.['journal_mode'] === 'wal'
    const version = (): unknown => this.row('PRAGMA data_version')?.['data_version']
    const before = version()
    if (wal) this.db.exec('BEGIN')
    return {
      outcome: () => {
        if (wal) return { consistent: true, evidence: 'read in one transaction of the database' }
        return version() === before
          ? { consistent: true, evidence: 'nobody wrote to the database while it was read' }
          : {
              consistent: false,
              evidence: `${this.file} was written while it was read; in WAL mode it would be read in one transaction`,
            }
      },
      release: () => {
        if (this.db.isTransaction) this.db.exec('ROLLBACK')
      },
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
