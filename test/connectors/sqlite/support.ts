import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { sqlite } from '../../../connectors/sqlite'
import type { Connection, Source, SyncMode, Target } from '../../../shared/core/connector'
import { CountingLedger } from '../../../shared/core/record/ledger'
import type { DataRecord } from '../../../shared/core/record/value'
import { portsWithLog } from '../../support/batches'

/** A database file of its own with the connector and a second, independent handle on it. */
export class Bench {
  readonly ledger = new CountingLedger()
  readonly warnings: string[] = []
  readonly db: DatabaseSync
  private readonly folder = mkdtempSync(join(tmpdir(), 'tieout-sqlite-'))
  private readonly connections: Connection[] = []

  constructor(...statements: string[]) {
    this.db = new DatabaseSync(join(this.folder, 'a #1?.db'))
    for (const statement of statements) this.db.exec(statement)
  }

  async stop(): Promise<void> {
    for (const connection of this.connections) await connection.close()
    this.db.close()
    rmSync(this.folder, { recursive: true })
  }

  sql(statement: string, ...values: SQLInputValue[]): unknown[] {
    return this.db
      .prepare(statement)
      .all(...values)
      .map((row) => ({ ...row }))
  }

  async open(file = 'a #1?.db'): Promise<Connection> {
    const ports = portsWithLog(this.warnings)
    const connection = await sqlite.open({
      name: 'db',
      settings: { file, busyTimeout: 10 },
      ports: { ...ports, files: { ...ports.files, locate: (path) => join(this.folder, path) } },
      traffic: { calls: 0, bytesIn: 0, bytesOut: 0, retries: 0 },
    })
    this.connections.push(connection)
    return connection
  }

  async target(
    stream: string,
    key: string[],
    mode: SyncMode = 'upsert',
    settings: DataRecord = {},
  ): Promise<Target> {
    const connection = await this.open()
    return connection.target({ stream, key, mode, settings, workflow: 'w', ledger: this.ledger })
  }

  async source(stream: string, key: string[], settings: DataRecord = {}): Promise<Source> {
    const connection = await this.open()
    return connection.source({ stream, key, settings, ledger: this.ledger })
  }
}

/** Numbers in a column named value. */
export function series(from: number, to: number, step = 1): string {
  return `(WITH RECURSIVE s(value) AS (VALUES (${from}) UNION ALL SELECT value + ${step} FROM s WHERE value + ${step} <= ${to})
    SELECT value FROM s)`
}
