import { createHmac } from 'node:crypto'
import { saved } from '../../shared/adapters/store/saved'
import type { Sql } from '../../shared/adapters/store/sql'
import { Fault } from '../../shared/core/fault'
import type { Keyring } from '../keyring'
import type { AuditEntry } from './entry'

const PAGE = 1000

/** Where the log ends: its last entry and the hash of that, to be kept elsewhere and compared later. */
export interface AuditHead {
  number: number
  hash: string
}

interface Row extends AuditHead {
  body: string
  key: string
}

/**
 * Append-only: each entry carries an HMAC over itself and the one before, with a key that is not in the database. Who
 * changes or removes an entry cannot make the next ones fit, nor the note of where the log ends.
 */
export class AuditLog {
  constructor(
    private readonly sql: Sql,
    private readonly ring: Keyring,
  ) {}

  write(entry: AuditEntry): void {
    void this.sql.transaction(() => {
      const { number, hash } = this.last() ?? { number: 0, hash: '' }
      const body = JSON.stringify(entry)
      const key = this.ring.current
      const next = { number: number + 1, hash: this.hashOf(key, hash, number + 1, body) }
      this.sql
        .of('INSERT INTO audit (number, body, key, hash) VALUES (?, ?, ?, ?)')
        .run(next.number, body, key, next.hash)
      this.sql
        .of('INSERT OR REPLACE INTO audit_head (one, number, key, hash) VALUES (1, ?, ?, ?)')
        .run(next.number, key, this.hashOf(key, 'head', next.number, next.hash))
    })
  }

  /** Oldest first. */
  list({ after = 0, limit }: { after?: number; limit: number }): (AuditEntry & { number: number })[] {
    return this.rows(after, limit).map(({ number, body }) => ({ number, ...saved(body, isEntry) }))
  }

  /** Newest last. */
  latest(limit: number): (AuditEntry & { number: number })[] {
    return this.list({ after: Math.max(0, (this.last()?.number ?? 0) - limit), limit })
  }

  /**
   * @param expected the end of an earlier verification, which must still be there
   * @throws Fault AUDIT_BROKEN
   */
  verify(expected?: AuditHead): AuditHead {
    const end = this.end()
    let head: AuditHead = { number: 0, hash: '' }
    for (;;) {
      const rows = this.rows(head.number, PAGE)
      for (const row of rows) {
        head = this.next(head, row)
        if (expected?.number === head.number && expected.hash !== head.hash)
          throw broken(head.number, `entry ${String(head.number)} is not the one that was there before`)
        if (end?.number === head.number && end.hash !== this.hashOf(end.key, 'head', head.number, head.hash))
          throw broken(head.number, 'the note of where it ends was changed')
      }
      if (rows.length < PAGE) break
    }
    const last = Math.max(end?.number ?? 0, expected?.number ?? 0)
    if (head.number < last)
      throw broken(head.number + 1, `entries ${String(head.number + 1)} to ${String(last)} are missing`)
    if (!end && head.number > 0) throw broken(head.number, 'the note of where it ends is missing')
    return head
  }

  private next(head: AuditHead, { number, body, key, hash }: Row): AuditHead {
    if (number !== head.number + 1)
      throw broken(head.number + 1, `entry ${String(head.number + 1)} is missing`)
    if (!this.ring.ids.includes(key) || hash !== this.hashOf(key, head.hash, number, body))
      throw broken(number, `entry ${String(number)} or the one before it was changed`)
    return { number, hash }
  }

  /** Where it ended when it was last written to. */
  private end(): (AuditHead & { key: string }) | undefined {
    const row = this.sql.of('SELECT number, key, hash FROM audit_head').get()
    if (!row) return undefined
    const key = String(row['key'])
    if (!this.ring.ids.includes(key))
      throw broken(Number(row['number']), 'the note of where it ends was changed')
    return { number: Number(row['number']), key, hash: String(row['hash']) }
  }

  private last(): AuditHead | undefined {
    const row = this.sql.of('SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1').get()
    return row && { number: Number(row['number']), hash: String(row['hash']) }
  }

  private rows(after: number, limit: number): Row[] {
    return this.sql
      .of('SELECT number, body, key, hash FROM audit WHERE number > ? ORDER BY number LIMIT ?')
      .all(after, limit)
      .map((row) => ({
        number: Number(row['number']),
        body: String(row['body']),
        key: String(row['key']),
        hash: String(row['hash']),
      }))
  }

  private hashOf(key: string, before: string, number: number, body: string): string {
    const hmac = createHmac('sha256', this.ring.of(key, 'audit'))
    return hmac.update(`${before}\n${String(number)}\n${body}`).digest('base64url')
  }
}

function isEntry(value: unknown): value is AuditEntry {
  return typeof value === 'object' && value !== null && 'who' in value && 'operation' in value
}

function broken(number: number, why: string): Fault {
  return new Fault('AUDIT_BROKEN', `The audit log was changed: ${why}.`, { entry: number, why })
}
