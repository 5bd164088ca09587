import type {
  DatabaseSync,
  SQLInputValue,
  SQLOutputValue,
  StatementResultingChanges,
  StatementSync,
} from 'node:sqlite'
import { stateFault } from './fault'
import { saved } from './saved'

type Row = Record<string, SQLOutputValue>

/** A prepared statement; what goes wrong with its file is a fault that names it. */
class Statement {
  constructor(
    private readonly statement: StatementSync,
    private readonly path: string,
  ) {}

  run(...values: SQLInputValue[]): StatementResultingChanges {
    try {
      return this.statement.run(...values)
    } catch (error) {
      throw stateFault(error, this.path)
    }
  }

  get(...values: SQLInputValue[]): Row | undefined {
    try {
      return this.statement.get(...values)
    } catch (error) {
      throw stateFault(error, this.path)
    }
  }

  all(...values: SQLInputValue[]): Row[] {
    try {
      return this.statement.all(...values)
    } catch (error) {
      throw stateFault(error, this.path)
    }
  }

  *iterate(...values: SQLInputValue[]): Generator<Row, undefined> {
    try {
      yield* this.statement.iterate(...values)
    } catch (error) {
      throw stateFault(error, this.path)
    }
    return undefined
  }
}

/** A database with its prepared statements, shared by the parts of the store. */
export class Sql {
  private readonly statements = new Map<string, Statement>()

  /** @param path for messages */
  constructor(
    private readonly db: DatabaseSync,
    private readonly path: string,
  ) {}

  /** Prepared once. */
  of(text: string): Statement {
    let statement = this.statements.get(text)
    if (!statement) {
      try {
        statement = new Statement(this.db.prepare(text), this.path)
      } catch (error) {
        throw stateFault(error, this.path)
      }
      this.statements.set(text, statement)
    }
    return statement
  }

  /** The `body` of one row as what it was saved as. */
  body<T>(text: string, guard: (value: unknown) => value is T, ...values: SQLInputValue[]): T | undefined {
    const row = this.of(text).get(...values)
    return row ? saved(row['body'], guard) : undefined
  }

  transaction<T>(work: () => T): Promise<T> {
    try {
      this.db.exec('BEGIN IMMEDIATE')
      const result = work()
      this.db.exec('COMMIT')
      return Promise.resolve(result)
    } catch (error) {
      // a full disk has rolled back by itself
      if (this.db.isTransaction) this.db.exec('ROLLBACK')
      throw stateFault(error, this.path)
    }
  }

  /** Nothing of what `work` deletes or empties stays in the file: freed pages are written over, too. */
  wiped<T>(work: () => T): T {
    this.db.exec('PRAGMA secure_delete = ON')
    try {
      return work()
    } finally {
      this.db.exec('PRAGMA secure_delete = FAST')
    }
  }

  close(): void {
    this.statements.clear()
    this.db.close()
  }
}
