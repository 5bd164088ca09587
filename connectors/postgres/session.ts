import { Pool, type PoolClient } from 'pg'
import type { Traffic } from '../../shared/core/connector'
import { databaseFault, type Phase } from './faults'
import type { Settings } from './settings'
import { Reading, rolledBack, Transaction, types, type TextRow } from './transaction'

/** The connections of one connection of a definition. Every use is one transaction, so poolers in between do no harm. */
export class Session {
  private readonly pool: Pool
  private readonly opening: string
  private readonly counted = new WeakMap<object, number>()

  constructor(
    readonly settings: Settings,
    private readonly traffic: Traffic,
    connections: number,
  ) {
    this.pool = new Pool({ ...settings.pool, max: connections, types, allowExitOnIdle: true })
    // a connection that breaks while idle is left out by the pool; its next use opens another
    this.pool.on('error', () => undefined)
    // one that breaks while in use fails its query, which tells
    this.pool.on('connect', (client) => client.on('error', () => undefined))
    this.opening = `SET LOCAL client_min_messages = error; SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, MDY';
      SET LOCAL IntervalStyle = 'iso_8601'; SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1;
      SET LOCAL statement_timeout = ${settings.statementTimeoutMs}`
  }

  /**
   * Works in one snapshot. What `work` returns as `closing` is sent together with COMMIT; without it the transaction
   * is rolled back.
   * @throws Fault of the database category
   */
  async transaction<T>(
    access: 'READ WRITE' | 'READ ONLY',
    work: (transaction: Transaction) => Promise<{ result: T; closing?: string }>,
  ): Promise<T> {
    const client = await this.connect()
    let phase: Phase = 'work'
    let usable = false
    try {
      await client.query(`BEGIN ISOLATION LEVEL REPEATABLE READ, ${access}; ${this.opening}`)
      const { result, closing } = await work(new Transaction(client, this.traffic))
      phase = closing === undefined ? 'work' : 'commit'
      await client.query(closing === undefined ? 'ROLLBACK' : `${closing}; COMMIT`)
      usable = true
      return result
    } catch (error) {
      usable = await rolledBack(client)
      throw databaseFault(error, this.settings.place, phase)
    } finally {
      this.count(client)
      client.release(!usable)
    }
  }

  /** A result of any size in one snapshot, page by page; the next page is fetched while one is used. */
  async *pages(
    sql: string,
    values: readonly string[],
    pageSize: number,
    signal: AbortSignal,
  ): AsyncGenerator<{ rows: TextRow[]; last: boolean }> {
    const reading = await this.hold()
    try {
      yield* reading.pages(sql, values, pageSize, signal)
    } finally {
      await reading.release()
    }
  }

  /** A transaction that only reads and lasts until it is released: all that is asked of it is of one snapshot. */
  async hold(): Promise<Reading> {
    const client = await this.connect()
    const reading = new Reading(client, this.traffic, this.settings.place, () => {
      this.count(client)
    })
    try {
      await client.query(`BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; ${this.opening}`)
      return reading
    } catch (error) {
      await reading.release()
      throw databaseFault(error, this.settings.place, 'work')
    }
  }

  async *stream<T>(
    sql: string,
    pageSize: number,
    signal: AbortSignal,
    read: (row: TextRow) => T,
  ): AsyncGenerator<readonly T[]> {
    for await (const { rows } of this.pages(sql, [], pageSize, signal)) yield rows.map(read)
  }

  async close(): Promise<void> {
    if (!this.pool.ending) await this.pool.end()
  }

  private async connect(): Promise<PoolClient> {
    try {
      return await this.pool.connect()
    } catch (error) {
      throw databaseFault(error, this.settings.place, 'connect')
    }
  }

  private count({ connection: { stream } }: PoolClient): void {
    const read = 'bytesRead' in stream && typeof stream.bytesRead === 'number' ? stream.bytesRead : 0
    this.traffic.bytesIn += read - (this.counted.get(stream) ?? 0)
    this.counted.set(stream, read)
  }
}
