import { Client } from 'pg'
import { postgres } from '../../../connectors/postgres'
import type { Connection, Source, SyncMode, Target } from '../../../shared/core/connector'
import { http } from '../../../shared/adapters/http'
import { CountingLedger } from '../../../shared/core/record/ledger'
import type { DataRecord } from '../../../shared/core/record/value'
import { portsWithLog } from '../../support/batches'
import { freshDatabase, type FreshDatabase } from '../../support/postgres'

/** A database of its own with the connector and a second, independent session on it. */
export class Bench {
  readonly ledger = new CountingLedger()
  readonly warnings: string[] = []
  private readonly connections: Connection[] = []

  private constructor(
    readonly database: FreshDatabase,
    readonly client: Client,
  ) {}

  static async start(): Promise<Bench> {
    const database = await freshDatabase()
    const client = new Client({ connectionString: database.url })
    client.on('error', () => undefined)
    await client.connect()
    return new Bench(database, client)
  }

  /** An empty database again, with what the statements make. */
  async fresh(...statements: string[]): Promise<void> {
    await this.closeConnections()
    this.warnings.length = 0
    this.ledger.take()
    await this.sql(
      'DROP SCHEMA public CASCADE; DROP SCHEMA IF EXISTS other CASCADE; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC',
    )
    for (const statement of statements) await this.sql(statement)
  }

  async stop(): Promise<void> {
    await this.closeConnections()
    await this.client.end()
    await this.database.drop()
  }

  private async closeConnections(): Promise<void> {
    for (const connection of this.connections.splice(0)) await connection.close()
  }

  async sql(statement: string, ...values: unknown[]): Promise<Record<string, unknown>[]> {
    return (await this.client.query<Record<string, unknown>>(statement, values)).rows
  }

  /** Until another session of this database waits for a lock. */
  async waitForLock(): Promise<void> {
    for (;;) {
      const waiting = await this.sql(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      )
      if (waiting.length > 0) return
    }
  }

  async open(settings: DataRecord = { url: this.database.url }): Promise<Connection> {
    const traffic = { calls: 0, bytesIn: 0, bytesOut: 0, retries: 0 }
    const connection = await postgres.open({
      name: 'db',
      settings,
      ports: { ...portsWithLog(this.warnings), http },
      traffic,
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
