import { closeSync, existsSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { Fault } from '../core/fault'
import type { Spill, SpillLog, SpillTable } from '../core/ports'

/** The Spill port: logs in temporary files, tables in SQLite. */
export class NodeSpill implements Spill {
  /** @param base the folder that paths of durable tables are relative to */
  constructor(private readonly base = '.') {}

  log(): SpillLog {
    return new FileLog()
  }

  table(path?: string): SpillTable {
    return path === undefined ? new SqliteTable() : new SqliteTable(resolve(this.base, path), path)
  }
}

const READ = 1024 * 1024

/** Logs that a process would leave on Windows when it ends early. */
const undropped = new Set<FileLog>()

process.once('exit', () => {
  for (const log of undropped) log.drop()
})

class FileLog implements SpillLog {
  size = 0
  private readonly folder = mkdtempSync(join(tmpdir(), 'tieout-'))
  private readonly file = openSync(join(this.folder, 'log'), 'w+', 0o600)

  constructor() {
    undropped.add(this)
    // it may hold what is personal: where an open file can be removed, not even a process that is killed leaves it
    if (process.platform !== 'win32') this.remove()
  }

  append(bytes: Uint8Array): void {
    for (let written = 0; written < bytes.length;) {
      written += orDiskFull(() =>
        writeSync(this.file, bytes, written, bytes.length - written, this.size + written),
      )
    }
    this.size += bytes.length
  }

  *read(): Iterable<Uint8Array> {
    // one for all pieces: the collector would leave many of them until it has time
    const bytes = new Uint8Array(Math.min(READ, this.size))
    for (let at = 0; at < this.size; at += READ) {
      const piece = bytes.subarray(0, this.size - at)
      this.fill(piece, at)
      yield piece
    }
  }

  slice(at: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length)
    this.fill(bytes, at)
    return bytes
  }

  drop(): void {
    if (!undropped.delete(this)) return
    closeSync(this.file)
    this.remove()
  }

  private remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  private fill(bytes: Uint8Array, at: number): void {
    const { length } = bytes
    for (let filled = 0; filled < length;) {
      const read = readSync(this.file, bytes, filled, length - filled, at + filled)
      if (read === 0) throw new RangeError(`the spill log has ${this.size} bytes, not ${at + length}`)
      filled += read
    }
  }
}

/** Rows of one `scan` read at once: a statement under way would block the writes that a caller does meanwhile. */
const SCAN_ROWS = 1000

class SqliteTable implements SpillTable {
  private readonly db: DatabaseSync
  private readonly putOne: StatementSync
  private readonly removeOne: StatementSync
  private readonly getOne: StatementSync
  private readonly scanSome: StatementSync
  private readonly countAll: StatementSync
  private closed = false

  /** @param name of the file in messages */
  constructor(
    private readonly path?: string,
    private readonly name?: string,
  ) {
    this.db = orDiskFull(() => entriesAt(path), path, name)
    this.putOne = this.db.prepare(
      'INSERT INTO entry (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    )
    this.removeOne = this.db.prepare('DELETE FROM entry WHERE key = ?')
    this.getOne = this.db.prepare('SELECT value FROM entry WHERE key = ?')
    this.scanSome = this.db.prepare(
      'SELECT place, key, value FROM entry WHERE place > ? ORDER BY place LIMIT ?',
    )
    this.countAll = this.db.prepare('SELECT count(*) AS n FROM entry')
  }

  write(puts: Iterable<readonly [key: string, value: string]>, removes: Iterable<string> = []): void {
    orDiskFull(
      () => {
        this.db.exec('BEGIN IMMEDIATE')
        try {
          for (const [key, value] of puts) this.putOne.run(key, value)
          for (const key of removes) this.removeOne.run(key)
          this.db.exec('COMMIT')
        } catch (error) {
          if (this.db.isTransaction) this.db.exec('ROLLBACK')
          throw error
        }
      },
      this.path,
      this.name,
    )
  }

  get(keys: readonly string[]): (string | undefined)[] {
    return keys.map((key) => {
      const row = this.getOne.get(key)
      return row === undefined ? undefined : String(row['value'])
    })
  }

  *scan(): Iterable<readonly [key: string, value: string]> {
    for (let place = 0; ;) {
      const rows = this.scanSome.all(place, SCAN_ROWS)
      for (const row of rows) yield [String(row['key']), String(row['value'])]
      if (rows.length < SCAN_ROWS) return
      place = Number(rows.at(-1)?.['place'])
    }
  }

  count(): number {
    return Number(this.countAll.get()?.['n'])
  }

  close(): void {
    if (this.closed) return
    this.closed = true
    this.db.close()
  }

  drop(): void {
    this.close()
    if (this.path === undefined) return
    // the database last: without it the others mean nothing, with it alone it is whole
    for (const suffix of ['-wal', '-shm', '']) rmSync(this.path + suffix, { force: true })
  }
}

/** Exclusive: the file belongs to one run. WAL: one sync for each commit. */
const DURABLE = 'PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL'

function entriesAt(path: string | undefined): DatabaseSync {
  // an empty name is SQLite's own temporary database: in memory until it grows, gone when it is closed
  const db = new DatabaseSync(path ?? '')
  try {
    db.exec(path === undefined ? 'PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF' : DURABLE)
    db.exec(
      'CREATE TABLE IF NOT EXISTS entry (place INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, value TEXT NOT NULL)',
    )
    return db
  } catch (error) {
    // Windows lets nobody remove a file that is still open here, not even the run that holds the lock
    db.close()
    throw error
  }
}

function orDiskFull<T>(work: () => T, path = 'the temporary folder', name = path): T {
  try {
    return work()
  } catch (error) {
    const { code, message } = wordsOf(error)
    const evidence = { file: name }
    if (code === 'ENOSPC' || message.includes('disk is full'))
      throw new Fault('DISK_FULL', `${name}: no space`, evidence)
    if (message.includes('is locked'))
      throw new Fault('FILE_LOCKED', `${name} is in use by another run`, evidence)
    if (message.includes('unable to open') || message.includes('readonly')) {
      const why = existsSync(dirname(path)) ? '' : ': its folder does not exist'
      throw new Fault('FILE_NOT_WRITABLE', `${name} cannot be written${why}`, evidence)
    }
    throw error
  }
}

function wordsOf(error: unknown): { code: string; message: string } {
  const words = { code: '', message: '' }
  if (typeof error !== 'object' || error === null) return words
  if ('code' in error && typeof error.code === 'string') words.code = error.code
  if ('message' in error && typeof error.message === 'string') words.message = error.message
  return words
}
