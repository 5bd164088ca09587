import { mkdirSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openSql } from '../../../shared/adapters/store/open'
import { openSqliteStore } from '../../../shared/adapters/store/sqlite'
import { folderWith } from '../../support/folder'

const folder = folderWith({})
afterAll(folder.remove)

function thrown(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    return error
  }
}

let files = 0
const fresh = (): string => join(folder.path, `state-${String(++files)}.sqlite`)

async function written(): Promise<string> {
  const path = fresh()
  const store = openSqliteStore(path)
  await store.close()
  return path
}

it('says that a file that is none of SQLite, or lacks a part, is damaged', async () => {
  const other = fresh()
  writeFileSync(other, 'x'.repeat(9000))
  expect(thrown(() => openSqliteStore(other))).toMatchObject({
    code: 'STORE_DAMAGED',
    detail: `${other}: file is not a database.`,
  })
  const cut = await written()
  truncateSync(cut, 10_000)
  const runs = async (): Promise<unknown> => {
    const store = openSqliteStore(cut)
    return store.runs({ limit: 1 }).finally(() => store.close())
  }
  await expect(runs()).rejects.toMatchObject({ code: 'STORE_DAMAGED', evidence: { file: cut } })
})

it('leaves the state of a newer version alone', async () => {
  const path = await written()
  const db = new DatabaseSync(path)
  db.exec('PRAGMA user_version = 999')
  db.close()
  expect(thrown(() => openSqliteStore(path))).toMatchObject({
    code: 'STORE_NEWER',
    evidence: { version: 999 },
  })
})

it('names a file that cannot be opened', () => {
  const path = fresh()
  mkdirSync(path)
  expect(thrown(() => openSqliteStore(path))).toMatchObject({
    code: 'FILE_NOT_WRITABLE',
    evidence: { file: path },
  })
})

it('says that the disk is full, and goes on when there is room', async () => {
  const path = fresh()
  // the limit of SQLite that gives what a full disk gives
  const sql = openSql(path, (db) => {
    db.exec('CREATE TABLE part (bytes BLOB); PRAGMA max_page_count = 20')
  })
  const write = (): Promise<void> =>
    sql.transaction(() => {
      for (let i = 0; i < 100; i++) sql.of('INSERT INTO part VALUES (zeroblob(4000))').run()
    })
  expect(thrown(write)).toMatchObject({ code: 'DISK_FULL', detail: `${path}: database or disk is full.` })
  sql.of('PRAGMA max_page_count = 1000').get()
  await write()
  expect(sql.of('SELECT count(*) AS n FROM part').get()).toEqual({ n: 100 })
  sql.close()
})
