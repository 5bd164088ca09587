import { Client } from 'pg'
import { postgres } from '../../../connectors/postgres'
import type {
  Batch,
  Connection,
  ConnectionContext,
  Operation,
  Page,
  Source,
  SyncMode,
  Target,
  Write,
} from '../../../shared/core/connector'
import type { Ports } from '../../../shared/core/ports'
import { CountingLedger } from '../../../shared/core/record/ledger'
import type { DataRecord } from '../../../shared/core/record/value'
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

  static async start(...statements: string[]): Promise<Bench> {
    const database = await freshDatabase()
    const client = new Client({ connectionString: database.url })
    client.on('error', () => undefined)
    await client.connect()
    const bench = new Bench(database, client)
    for (const statement of statements) await bench.sql(statement)
    return bench
  }

  async stop(): Promise<void> {
    for (const connection of this.connections) await connection.close()
    await this.client.end()
    await this.database.drop()
  }

  async sql(statement: string, ...values: unknown[]): Promise<Record<string, unknown>[]> {
    return (await this.client.query<Record<string, unknown>>(statement, values)).rows
  }

  async open(settings: DataRecord = { url: this.database.url }): Promise<Connection> {
    const connection = await postgres.open(this.context(settings))
    this.connections.push(connection)
    return connection
  }

  async target(stream: string, key: string[], mode: SyncMode = 'upsert', settings: DataRecord = {}): Promise<Target> {
    const connection = await this.open()
    return connection.target({ stream, key, mode, settings, workflow: 'w', ledger: this.ledger })
  }

  async source(stream: string, key: string[], settings: DataRecord = {}): Promise<Source> {
    const connection = await this.open()
    return connection.source({ stream, key, settings, ledger: this.ledger })
  }

  private context(settings: DataRecord): ConnectionContext {
    const log = {
      info: () => undefined,
      warn: (message: string) => {
        this.warnings.push(message)
      },
    }
    // the connector needs no other port unless certificates are files
    const ports = { log } as unknown as Ports
    return { name: 'db', settings, ports, traffic: { calls: 0, bytesIn: 0, bytesOut: 0, retries: 0 } }
  }
}

export const never = new AbortController().signal

let batches = 0

export function batchOf(operation: Operation, key: string[], records: DataRecord[], idempotencyKey?: string): Batch {
  return {
    idempotencyKey: idempotencyKey ?? `batch-${String(++batches)}`,
    writes: records.map((record, i): Write => {
      const keyRecord = Object.fromEntries(key.map((field) => [field, record[field] ?? null]))
      return { operation, key: keyRecord, record, idempotencyKey: String(i), json: JSON.stringify(record) }
    }),
  }
}

export async function pagesOf(source: Source, request: Partial<Parameters<Source['read']>[0]> = {}): Promise<Page[]> {
  const pages: Page[] = []
  for await (const page of source.read({ pageSize: 2, signal: never, ...request })) pages.push(page)
  return pages
}

export async function rowsOf(source: Source, request: Partial<Parameters<Source['read']>[0]> = {}): Promise<unknown[]> {
  return (await pagesOf(source, request)).flatMap((page) => [...page.rows])
}
