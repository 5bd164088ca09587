import { DatabaseSync } from 'node:sqlite'
import { stateFault } from './fault'
import { Sql } from './sql'

/**
 * A database of Tieout's own. WAL with `synchronous=NORMAL`: a killed process loses nothing; after a power cut the last
 * transactions may be missing. What is deleted is written over, as far as that costs nothing (see `Sql.wiped`).
 * @param path ':memory:' for one that ends with the process
 * @param migrate brings it to its newest version
 * @throws Fault STORE_DAMAGED, STORE_NEWER, FILE_NOT_WRITABLE, DISK_FULL
 */
export function openSql(path: string, migrate: (db: DatabaseSync) => void): Sql {
  let db: DatabaseSync | undefined
  try {
    db = new DatabaseSync(path)
    // the time-out first: another process may be setting the same
    db.exec(
      'PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY; PRAGMA secure_delete = FAST',
    )
    migrate(db)
    return new Sql(db, path)
  } catch (error) {
    db?.close()
    throw stateFault(error, path)
  }
}
