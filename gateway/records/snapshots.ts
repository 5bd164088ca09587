import { randomBytes } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'
import { migrateWith } from '../../shared/adapters/store/migrate'
import { openSql } from '../../shared/adapters/store/open'
import type { Sql } from '../../shared/adapters/store/sql'
import type { PendingWrite } from '../../shared/core/bulk-sync/pending'
import { Fault } from '../../shared/core/fault'
import { Hasher } from '../../shared/core/record/hash'
import { keyOfText } from '../../shared/core/record/key'
import type { KeySet } from '../../shared/core/record/key-set'
import type { DataRecord } from '../../shared/core/record/value'
import type { Workflow } from '../../shared/core/workflow'

const MIGRATIONS = [
  `
  CREATE TABLE snapshot (workflow TEXT PRIMARY KEY, epoch TEXT NOT NULL, sequence INTEGER NOT NULL);
  CREATE TABLE entry (
    workflow TEXT NOT NULL, key TEXT NOT NULL, hash INTEGER NOT NULL, changed INTEGER NOT NULL, deleted INTEGER NOT NULL,
    PRIMARY KEY (workflow, key)
  ) WITHOUT ROWID;
  CREATE INDEX entry_deleted ON entry (workflow, key) WHERE deleted = 1;
  `,
  `
  CREATE TABLE taken (workflow TEXT NOT NULL, sequence INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (workflow, sequence))
    WITHOUT ROWID;
  ALTER TABLE snapshot ADD COLUMN forgotten INTEGER NOT NULL DEFAULT 0;
  `,
]

const DAY_MS = 86_400_000
/** How long it is remembered that a record disappeared. */
const REMEMBERED_DAYS = 90

const PAGE = 1000

/**
 * What the downloads of a tenant have shown: of each record its key, a hash, and the number of the download in which that
 * was new. So a cursor tells what changed since, whatever the source can do. One download of a workflow at a time.
 */
export class Snapshots {
  private readonly sql: Sql

  constructor(
    path: string,
    private readonly now: () => number,
  ) {
    this.sql = openSql(path, (db) => {
      migrateWith(db, MIGRATIONS)
    })
  }

  /** @throws Fault CURSOR_UNKNOWN for a cursor that is not of these downloads, CURSOR_EXPIRED */
  since(workflow: string, cursor: string): number {
    const [epoch, sequence] = partsOf(cursor)
    const last = this.last(workflow)
    if (last && last.epoch === epoch && sequence !== undefined && sequence <= last.sequence) {
      if (sequence >= last.forgotten) return sequence
      throw new Fault(
        'CURSOR_EXPIRED',
        `changedSince is older than ${String(REMEMBERED_DAYS)} days: what disappeared since then is not known any more. Read ${workflow} anew, without changedSince.`,
        { workflow, days: REMEMBERED_DAYS },
      )
    }
    throw new Fault('CURSOR_UNKNOWN', 'changedSince is not the cursor of a download of this workflow.', {
      cursor: cursor.slice(0, 64),
    })
  }

  /** The next download of a workflow. */
  next({ name, key }: Workflow): Snapshot {
    this.sql
      .of('INSERT OR IGNORE INTO snapshot (workflow, epoch, sequence) VALUES (?, ?, 0)')
      .run(name, randomBytes(6).toString('hex'))
    const { epoch = '', sequence = 0 } = this.last(name) ?? {}
    return new Snapshot({ sql: this.sql, workflow: name, key, epoch, sequence: sequence + 1, now: this.now })
  }

  close(): void {
    this.sql.close()
  }

  /** The last download that is whole; cursors before `forgotten` are too old. */
  private last(workflow: string): { epoch: string; sequence: number; forgotten: number } | undefined {
    const row = this.sql
      .of('SELECT epoch, sequence, forgotten FROM snapshot WHERE workflow = ?')
      .get(workflow)
    return (
      row && {
        epoch: String(row['epoch']),
        sequence: Number(row['sequence']),
        forgotten: Number(row['forgotten']),
      }
    )
  }
}

interface SnapshotParts {
  sql: Sql
  workflow: string
  key: readonly string[]
  epoch: string
  sequence: number
  now: () => number
}

/** What one download shows, compared with those before it. */
export class Snapshot {
  private readonly hasher = new Hasher()
  private listed = 0

  constructor(private readonly parts: SnapshotParts) {}

  /** For who has seen this download. */
  get cursor(): string {
    const { epoch, sequence } = this.parts
    return Buffer.from(`c1.${epoch}.${String(sequence)}`).toString('base64url')
  }

  /** Notes records. @returns for each the number of the download in which it was new as it is */
  note(records: readonly PendingWrite[]): Promise<number[]> {
    this.listed += records.length
    const { sql, workflow, sequence } = this.parts
    const get = sql.of('SELECT hash, changed, deleted FROM entry WHERE workflow = ? AND key = ?')
    const put = sql.of(
      'INSERT OR REPLACE INTO entry (workflow, key, hash, changed, deleted) VALUES (?, ?, ?, ?, 0)',
    )
    return sql.transaction(() =>
      records.map(({ keyText, hash }) => {
        const known = get.get(workflow, keyText)
        if (known && known['hash'] === hash && known['deleted'] === 0) return Number(known['changed'])
        put.run(workflow, keyText, hash, sequence)
        return sequence
      }),
    )
  }

  /** Notes that whatever was not listed is gone. @param seen every key of a complete listing */
  async gone(seen: Pick<KeySet, 'has'>): Promise<void> {
    const { hasher } = this
    const { sql, workflow, sequence, key } = this.parts
    const live = sql.of('SELECT count(*) AS n FROM entry WHERE workflow = ? AND deleted = 0').get(workflow)
    if (Number(live?.['n']) === this.listed) return
    const remove = sql.of('UPDATE entry SET deleted = 1, changed = ? WHERE workflow = ? AND key = ?')
    for await (const keys of this.pages('SELECT key FROM entry WHERE workflow = ? AND deleted = 0')) {
      const missing = keys.filter(
        (text) => hasher.key(keyOfText(text, key), key) && !seen.has(hasher.a, hasher.b),
      )
      await sql.transaction(() => {
        for (const text of missing) remove.run(sequence, workflow, text)
      })
    }
  }

  /** Keys of records that disappeared after a download. */
  async *deletedSince(since: number): AsyncGenerator<DataRecord[]> {
    const select = 'SELECT key FROM entry WHERE workflow = ? AND deleted = 1 AND changed > ?'
    for await (const keys of this.pages(select, since))
      yield keys.map((text) => keyOfText(text, this.parts.key))
  }

  /** The download is whole: its cursor holds from here on. */
  async end(): Promise<void> {
    const { sql, workflow, sequence, now } = this.parts
    await sql.transaction(() => {
      sql.of('UPDATE snapshot SET sequence = ? WHERE workflow = ?').run(sequence, workflow)
      sql.of('INSERT INTO taken (workflow, sequence, at) VALUES (?, ?, ?)').run(workflow, sequence, now())
      this.forget(now() - REMEMBERED_DAYS * DAY_MS)
    })
  }

  /** That a record had disappeared is only for cursors before the last download of that time. */
  private forget(before: number): void {
    const { sql, workflow } = this.parts
    const last = sql
      .of('SELECT max(sequence) AS n FROM taken WHERE workflow = ? AND at < ?')
      .get(workflow, before)?.['n']
    if (typeof last !== 'number') return
    sql.of('DELETE FROM entry WHERE workflow = ? AND deleted = 1 AND changed <= ?').run(workflow, last)
    sql.of('DELETE FROM taken WHERE workflow = ? AND sequence <= ?').run(workflow, last)
    sql.of('UPDATE snapshot SET forgotten = ? WHERE workflow = ?').run(last, workflow)
  }

  private async *pages(select: string, ...values: number[]): AsyncGenerator<string[]> {
    const { sql, workflow } = this.parts
    const next = sql.of(`${select} AND key > ? ORDER BY key LIMIT ${String(PAGE)}`)
    for (let after = ''; ;) {
      const keys = next.all(workflow, ...values, after).map((row) => String(row['key']))
      const last = keys.at(-1)
      if (last === undefined) return
      yield keys
      after = last
      await turn()
    }
  }
}

function partsOf(cursor: string): [epoch: string | undefined, sequence: number | undefined] {
  const text = Buffer.from(cursor, 'base64url').toString('latin1')
  const [, epoch, sequence] = /^c1\.([0-9a-f]{12})\.(\d{1,15})$/.exec(text) ?? []
  return [epoch, sequence === undefined ? undefined : Number(sequence)]
}
