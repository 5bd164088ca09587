import type { PoolClient, QueryArrayResult } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { Traffic } from '../../shared/core/connector'
import { databaseFault } from './faults'

/** Rows as the server prints them. */
export type TextRow = (string | null)[]

/** Values as the server prints them. */
export const types = { getTypeParser: () => (text: string) => text }

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

export async function rolledBack(client: PoolClient): Promise<boolean> {
  return client.query('ROLLBACK').then(
    () => true,
    () => false,
  )
}
