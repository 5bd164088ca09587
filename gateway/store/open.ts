import { DatabaseSync } from 'node:sqlite'
import { Sql } from '../../shared/adapters/store/sql'
import { migrate } from './schema'

/** The gateway's own state: keys, what was answered to which idempotency key, jobs, audit. */
export function openGatewayStore(path: string): Sql {
  const db = new DatabaseSync(path)
  db.exec('PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
  migrate(db)
  return new Sql(db)
}
