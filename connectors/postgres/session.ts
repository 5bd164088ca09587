import { Pool, type PoolClient, type QueryArrayResult } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { Traffic } from '../../shared/core/connector'
import { databaseFault, type Phase } from './faults'
import type { Settings } from './settings'

/** Rows as the server prints them. */
export type TextRow = (string | null)[]

const types = { getTypeParser: () => (text: string) => text }

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

export class Transaction {
  constructor(
    private readonly client: PoolClient,
    private readonly traffic: Traffic,
  ) {}

  async rows(sql: string, values: readonly (string | null)[] = []): Promise<TextRow[]> {
    return (await this.query(sql, values)).rows
  }

  /** @returns how many rows the statement wrote */
  async run(sql: string, values: readonly (string | null)[] = []): Promise<number> {
    return (await this.query(sql, values)).rowCount ?? 0
  }

  async query(sql: string, values: readonly (string | null)[] = []): Promise<QueryArrayResult<TextRow>> {
    this.traffic.calls++
    // without values it may be several statements
    const given = values.length === 0 ? {} : { values: [...values] }
    return this.client.query<TextRow>({ text: sql, rowMode: 'array', types, ...given })
  }

  /** @returns how many rows arrived */
  async copy(sql: string, rows: Buffer): Promise<number> {
    this.traffic.calls++
    this.traffic.bytesOut += rows.length
    const stream = this.client.query(copyFrom(sql))
    await new Promise<void>((resolve, reject) => {
      stream.on('error', reject).on('finish', resolve).end(rows)
    })
    return stream.rowCount
  }
}

/** A transaction that only reads. One use at a time. */
export class Reading {
  private readonly tx: Transaction

  constructor(
    private readonly client: PoolClient,
    traffic: Traffic,
    private readonly place: string,
    private readonly count: () => void,
  ) {
    this.tx = new Transaction(client, traffic)
  }

  /** @throws Fault of the database category */
  async rows(sql: string, values: readonly string[] = []): Promise<TextRow[]> {
    try {
      return await this.tx.rows(sql, values)
    } catch (error) {
      throw databaseFault(error, this.place, 'work')
    } finally {
      this.count()
    }
  }

  /** A result of any size, page by page; the next page is fetched while one is used. */
  async *pages(
    sql: string,
    values: readonly string[],
    pageSize: number,
    signal: AbortSignal,
  ): AsyncGenerator<{ rows: TextRow[]; last: boolean }> {
    const fetch = (): Promise<TextRow[]> => {
      const rows = this.rows(`FETCH ${pageSize} FROM tieout_read`)
      // a page fetched ahead may fail while nobody waits for it; whoever takes it is told
      rows.catch(() => undefined)
      return rows
    }
    await this.rows(`DECLARE tieout_read NO SCROLL CURSOR FOR ${sql}`, values)
    for (let next = fetch(), last = false; !last;) {
      signal.throwIfAborted()
      const rows = await next
      last = rows.length < pageSize
      if (!last) next = fetch()
      yield { rows, last }
    }
    await this.rows('CLOSE tieout_read')
  }

  /** Waits for what is under way. */
  async release(): Promise<void> {
    const usable = await rolledBack(this.client)
    this.count()
    this.client.release(!usable)
  }
}

async function rolledBack(client: PoolClient): Promise<boolean> {
  return client.query('ROLLBACK').then(
    () => true,
    () => false,
  )
}
