import type { DatabaseSync } from 'node:sqlite'
import { migrateWith } from '../../shared/adapters/store/migrate'

/** What the gateway itself keeps, beside the states of the tenants. Steps are never changed, only added. */
const MIGRATIONS: readonly string[] = []

export function migrate(db: DatabaseSync): void {
  migrateWith(db, MIGRATIONS)
}
