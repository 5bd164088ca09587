import { openSql } from '../../shared/adapters/store/open'
import type { Sql } from '../../shared/adapters/store/sql'
import { migrate } from './schema'

/** The gateway's own state: keys, what was answered to which idempotency key, jobs, audit. */
export function openGatewayStore(path: string): Sql {
  return openSql(path, migrate)
}
