import { saved } from '../../shared/adapters/store/saved'
import type { Sql } from '../../shared/adapters/store/sql'
import type { LoggedRequest } from './entry'

const KEPT_MS = 30 * 24 * 3_600_000
const MOST = 1_000_000
/** What waits is written after this time, or when there is so much of it. */
const WRITE_AFTER_MS = 500
const BATCH = 500
/** While the disk takes nothing, the oldest make room. */
const MOST_WAITING = 10_000
const HOUR_MS = 3_600_000

export interface RequestLogParts {
  sql: Sql
  now: () => number
  say: (line: string) => void
  /** Most that are kept. */
  most?: number
}

export interface RequestFilter {
  client: string
  tenant: string
  code?: string
  operation?: string
  status?: number
  /** Older than the one with this number. */
  before?: number
}

/** Requests of the last 30 days. They are written in batches, after their answers: no request waits for its entry. */
export class RequestLog {
  private readonly waiting: LoggedRequest[] = []
  private timer: NodeJS.Timeout | undefined
  private readonly hourly: NodeJS.Timeout

  constructor(private readonly parts: RequestLogParts) {
    this.hourly = setInterval(() => {
      this.write()
    }, HOUR_MS).unref()
    this.write()
  }

  add(entry: LoggedRequest): void {
    this.waiting.push(entry)
    if (this.waiting.length > MOST_WAITING) this.waiting.shift()
    if (this.waiting.length === BATCH) this.later(0)
    else if (!this.timer) this.later(WRITE_AFTER_MS)
  }

  request(id: string, { client, tenant }: RequestFilter): LoggedRequest | undefined {
    this.catchUp()
    return this.parts.sql.body(
      'SELECT body FROM request WHERE id = ? AND client = ? AND tenant = ? AND at >= ?',
      isLogged,
      id,
      client,
      tenant,
      this.oldest(),
    )
  }

  /** Newest first. */
  list(filter: RequestFilter, limit: number): (LoggedRequest & { number: number })[] {
    this.catchUp()
    const { client, tenant, code, operation, status, before } = filter
    const wanted: [condition: string, value: string | number | undefined][] = [
      ['client = ?', client],
      ['tenant = ?', tenant],
      ['at >= ?', this.oldest()],
      ['code = ?', code],
      ['operation = ?', operation],
      ['status = ?', status],
      ['number < ?', before],
    ]
    const given = wanted.flatMap(([condition, value]) => (value === undefined ? [] : [{ condition, value }]))
    return this.parts.sql
      .of(
        `SELECT number, body FROM request WHERE ${given.map(({ condition }) => condition).join(' AND ')}
         ORDER BY number DESC LIMIT ?`,
      )
      .all(...given.map(({ value }) => value), limit)
      .map((row) => ({ number: Number(row['number']), ...saved(row['body'], isLogged) }))
  }

  close(): void {
    clearInterval(this.hourly)
    this.write()
  }

  /** Who asks for a request right after its answer finds it. */
  private catchUp(): void {
    if (this.waiting.length > 0) this.write()
  }

  private later(ms: number): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => {
      this.write()
    }, ms).unref()
  }

  /** Writes what waits and removes what is kept long enough. A log that cannot be written stops nobody. */
  private write(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    try {
      const removed = this.batch()
      this.waiting.length = 0
      if (removed === BATCH * 2) this.later(WRITE_AFTER_MS)
    } catch (error) {
      const why = error instanceof Error ? error.message : typeof error
      this.parts.say(`The log of requests could not be written: ${why}`)
    }
  }

  /** @returns how many old ones were removed: at most twice as many as are written */
  private batch(): number {
    const { sql, most = MOST } = this.parts
    let removed = 0
    void sql.transaction(() => {
      for (const entry of this.waiting) {
        const { id, client, tenant, at, operation, status, code = null } = entry
        sql
          .of(
            `INSERT INTO request (id, client, tenant, at, operation, status, code, body)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
          )
          .run(id, client, tenant, at, operation, status, code, JSON.stringify(entry))
      }
      const { changes } = sql
        .of(
          `DELETE FROM request WHERE number IN (
             SELECT number FROM (SELECT number, at FROM request ORDER BY number LIMIT ?)
             WHERE at < ? OR number <= (SELECT max(number) FROM request) - ?)`,
        )
        .run(Math.max(BATCH * 2, this.waiting.length * 2), this.oldest(), most)
      removed = Number(changes)
    })
    return removed
  }

  private oldest(): number {
    return this.parts.now() - KEPT_MS
  }
}

function isLogged(value: unknown): value is LoggedRequest {
  return typeof value === 'object' && value !== null && 'operation' in value && 'milliseconds' in value
}
