import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type { SavedCursor } from '../../core/bulk-sync/cursor'
import type { Answer } from '../../core/connector'
import type { Failure } from '../../core/exceptions/exception'
import { runEnded, runName } from '../../core/exceptions/lifecycle'
import type {
  Addresses,
  Checkpoint,
  Intent,
  Known,
  Left,
  Lock,
  PackedChanges,
  PackedKnown,
  RunRow,
  SegmentCommit,
  Store,
} from '../../core/store'
import { Answers } from './answers'
import { ChangeJournal } from './change-journal'
import { SqliteInbox } from './inbox'
import { Intents } from './intents'
import { SqliteKnown } from './known'
import { Locks } from './locks'
import { Memory } from './memory'
import { openSql } from './open'
import { SqliteReconciliations } from './reconciliations'
import { bytesOf, lanesOf } from './lanes'
import { isCheckpoint, isKeys, isRun, saved } from './saved'
import { migrate } from './schema'
import type { Sql } from './sql'

/**
 * The state of all workflows in one SQLite file (node:sqlite, no service to install). What a power cut took is repeated by
 * a resumed run.
 * @param path ':memory:' for a store that ends with the process
 */
export function openSqliteStore(path: string): Store {
  if (path !== ':memory:' && !existsSync(dirname(path))) mkdirSync(dirname(path), { recursive: true })
  return new SqliteStore(openSql(path, migrate))
}

class SqliteStore implements Store {
  readonly inbox: SqliteInbox
  readonly reconciliations: SqliteReconciliations
  private readonly answers: Answers
  private readonly locks: Locks
  private readonly given: SqliteKnown
  private readonly remembered: Memory
  private readonly open: Intents
  private readonly journal: ChangeJournal

  constructor(private readonly sql: Sql) {
    this.answers = new Answers(sql)
    this.inbox = new SqliteInbox(sql, this.answers)
    this.reconciliations = new SqliteReconciliations(sql, this.inbox, this.answers)
    this.locks = new Locks(sql)
    this.given = new SqliteKnown(sql)
    this.remembered = new Memory(sql)
    this.open = new Intents(sql)
    this.journal = new ChangeJournal(sql)
  }

  acquire(lock: Lock, now: number, dead?: Lock): Promise<Lock | undefined> {
    return this.locks.acquire(lock, now, dead)
  }

  renew(lock: Lock): Promise<boolean> {
    return this.locks.renew(lock)
  }

  release(lock: Lock): Promise<void> {
    return this.locks.release(lock)
  }

  putRun(run: RunRow): Promise<void> {
    return this.sql.transaction(() => {
      const { id, workflow, status, started } = run
      if (status === 'running') this.sql.of('DELETE FROM run WHERE id = ?').run(id)
      this.sql
        .of(
          `INSERT INTO run (id, workflow, status, started, body) VALUES (?, ?, ?, ?, ?)
           ON CONFLICT (id) DO UPDATE SET status = excluded.status, body = excluded.body`,
        )
        .run(id, workflow, status, started, JSON.stringify(run))
      this.tellEnd(run)
    })
  }

  run(id: string): Promise<RunRow | undefined> {
    return Promise.resolve(this.sql.body('SELECT body FROM run WHERE id = ?', isRun, id))
  }

  runs(filter: { workflow?: string; limit: number }): Promise<RunRow[]> {
    const { workflow, limit } = filter
    const rows =
      workflow === undefined
        ? this.sql.of('SELECT body FROM run ORDER BY started DESC, rowid DESC LIMIT ?').all(limit)
        : this.sql
            .of('SELECT body FROM run WHERE workflow = ? ORDER BY started DESC, rowid DESC LIMIT ?')
            .all(workflow, limit)
    return Promise.resolve(rows.map((row) => saved(row['body'], isRun)))
  }

  unfinished(workflow: string, kind: 'sync' | 'retry' = 'sync'): Promise<RunRow | undefined> {
    // by when it was saved: the clock may have been set back since
    const sql = `SELECT body FROM run WHERE workflow = ? AND json_extract(body, '$.kind') = ?
      ORDER BY rowid DESC LIMIT 1`
    const run = this.sql.body(sql, isRun, workflow, kind)
    if (!run) return Promise.resolve(undefined)
    const over =
      run.attempts === 0 ||
      run.status === 'succeeded' ||
      run.status === 'exceptions' ||
      // what a retry could not send stays an exception
      (run.kind === 'retry' && run.status === 'failed') ||
      (run.status === 'held' && run.held?.guard !== 'rejects')
    return Promise.resolve(over ? undefined : run)
  }

  address(workflow: string, side: keyof Addresses): Promise<string | undefined> {
    const newest = this.sql.of(`SELECT rowid, json_extract(body, ?) AS address FROM run
      WHERE workflow = ? AND json_extract(body, '$.kind') = ? AND json_extract(body, '$.attempts') > 0
      ORDER BY rowid DESC LIMIT 1`)
    const noted = ['sync', 'upload', 'retry']
      .map((kind) => newest.get(`$.addresses.${side}`, workflow, kind))
      .filter((row) => row !== undefined && row['address'] !== null)
      .sort((one, other) => Number(other?.['rowid']) - Number(one?.['rowid']))
    return Promise.resolve(noted[0] && String(noted[0]['address']))
  }

  renameTarget(workflow: string, from: string, to: string): Promise<void> {
    return this.sql.transaction(() => {
      this.sql
        .of(
          `UPDATE run SET body = json_set(body, '$.addresses.target', ?)
           WHERE workflow = ? AND json_extract(body, '$.addresses.target') = ?`,
        )
        .run(to, workflow, from)
    })
  }

  forget(workflow: string, given: boolean): Promise<void> {
    return this.sql.transaction(() => {
      this.sql.of('DELETE FROM cursor WHERE workflow = ?').run(workflow)
      if (!given) return
      this.given.forget(workflow)
      this.remembered.forget(workflow)
      this.sql.of('DELETE FROM intent WHERE run IN (SELECT id FROM run WHERE workflow = ?)').run(workflow)
    })
  }

  checkpoint(run: string): Promise<Checkpoint | undefined> {
    return Promise.resolve(this.sql.body('SELECT body FROM checkpoint WHERE run = ?', isCheckpoint, run))
  }

  async *seen(run: string): AsyncGenerator<Int32Array> {
    await Promise.resolve()
    for (const row of this.sql.of('SELECT hashes FROM seen WHERE run = ? ORDER BY id').iterate(run)) {
      yield lanesOf(row['hashes'])
    }
  }

  commit(commit: SegmentCommit): Promise<void> {
    return this.sql.transaction(() => {
      const { run, workflow, checkpoint } = commit
      this.sql
        .of('INSERT OR REPLACE INTO checkpoint (run, body) VALUES (?, ?)')
        .run(run, JSON.stringify(checkpoint))
      if (commit.seen.length > 0) {
        this.sql.of('INSERT INTO seen (run, hashes) VALUES (?, ?)').run(run, bytesOf(commit.seen))
      }
      this.journal.add(run, commit.changes)
      this.given.save(workflow, commit.known)
      const { failures, settled, dueMs, at } = commit
      this.inbox.close(workflow, settled, { run, at, who: runName(run) })
      this.inbox.keep(failures, false)
      this.inbox.fail(failures, dueMs)
      this.sql.of('DELETE FROM intent WHERE run = ? AND last_row <= ?').run(run, checkpoint.row)
    })
  }

  keepFailures(failures: readonly Failure[], dueMs: number): Promise<void> {
    return this.sql.transaction(() => {
      this.inbox.keep(failures, true)
      this.inbox.fail(failures, dueMs)
    })
  }

  dropKeptFailures(run: string): Promise<void> {
    this.sql.of('DELETE FROM failure WHERE run = ? AND kept = 1').run(run)
    return Promise.resolve()
  }

  noteDeletes(run: string, keys: Iterable<readonly string[]>): Promise<void> {
    return this.sql.transaction(() => {
      this.sql.of('DELETE FROM noted_delete WHERE run = ?').run(run)
      const note = this.sql.of('INSERT INTO noted_delete (run, keys) VALUES (?, ?)')
      for (const some of keys) note.run(run, JSON.stringify(some))
    })
  }

  async *deletes(run: string): AsyncGenerator<readonly string[]> {
    await Promise.resolve()
    const next = this.sql.of('SELECT id, keys FROM noted_delete WHERE run = ? AND id > ? ORDER BY id LIMIT 1')
    for (let row = next.get(run, 0); row; row = next.get(run, Number(row['id'])))
      yield saved(row['keys'], isKeys)
  }

  dropCheckpoint(run: string): Promise<void> {
    return this.sql.transaction(() => {
      for (const table of ['checkpoint', 'seen', 'failure', 'noted_delete'])
        this.sql.of(`DELETE FROM ${table} WHERE run = ?`).run(run)
    })
  }

  closeRun(run: RunRow, left: Left = {}): Promise<void> {
    return this.sql.transaction(() => {
      this.sql
        .of('UPDATE run SET status = ?, body = ? WHERE id = ?')
        .run(run.status, JSON.stringify(run), run.id)
      this.remembered.leave(run, left.memory)
      this.inbox.close(run.workflow, left.settled ?? [], {
        run: run.id,
        at: run.ended ?? run.started,
        who: runName(run.id),
      })
      this.tellEnd(run)
      for (const table of ['checkpoint', 'seen', 'intent']) {
        this.sql.of(`DELETE FROM ${table} WHERE run = ?`).run(run.id)
      }
      this.sql.wiped(() => this.sql.of('DELETE FROM noted_delete WHERE run = ?').run(run.id))
      this.journal.dropOld(run.workflow)
      if (left.cursor) {
        const { field, value } = left.cursor
        this.sql
          .of('INSERT OR REPLACE INTO cursor (workflow, field, value) VALUES (?, ?, ?)')
          .run(run.workflow, field, value)
      }
    })
  }

  async *memory(workflow: string, identity: string): AsyncGenerator<Int32Array> {
    await Promise.resolve()
    yield* this.remembered.read(workflow, identity)
  }

  known(workflow: string): Promise<Known> {
    return Promise.resolve(this.given.load(workflow))
  }

  noteKnown(workflow: string, known: PackedKnown): Promise<void> {
    return this.sql.transaction(() => {
      this.given.save(workflow, known)
    })
  }

  knowsAny(workflow: string): Promise<boolean> {
    return Promise.resolve(this.given.any(workflow))
  }

  async *knownKeys(workflow: string): AsyncGenerator<readonly string[]> {
    await Promise.resolve()
    yield* this.given.keys(workflow)
  }

  intend(run: string, intent: Intent): Promise<void> {
    this.open.put(run, intent)
    return Promise.resolve()
  }

  answered(run: string, batch: string, answers: readonly Answer[]): Promise<void> {
    this.open.answered(run, batch, answers)
    return Promise.resolve()
  }

  intents(run: string): Promise<Intent[]> {
    return Promise.resolve(this.open.of(run))
  }

  async *changes(run: string): AsyncGenerator<PackedChanges> {
    await Promise.resolve()
    yield* this.journal.read(run)
  }

  cursor(workflow: string): Promise<SavedCursor | undefined> {
    const row = this.sql.of('SELECT field, value FROM cursor WHERE workflow = ?').get(workflow)
    return Promise.resolve(row ? { field: String(row['field']), value: String(row['value']) } : undefined)
  }

  kept(id: string): Promise<string | undefined> {
    return Promise.resolve(this.answers.text(id))
  }

  close(): Promise<void> {
    this.sql.close()
    return Promise.resolve()
  }

  private tellEnd(run: RunRow): void {
    if (run.status !== 'running') this.inbox.tell(runEnded(run))
  }
}
