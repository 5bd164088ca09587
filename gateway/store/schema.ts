import type { DatabaseSync } from 'node:sqlite'
import { migrateWith } from '../../shared/adapters/store/migrate'

/** What the gateway itself keeps, beside the states of the tenants. Steps are never changed, only added. */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE job (
    number INTEGER PRIMARY KEY, tenant TEXT NOT NULL, run TEXT NOT NULL, workflow TEXT NOT NULL, kind TEXT NOT NULL,
    state TEXT NOT NULL, body TEXT NOT NULL
  );
  CREATE INDEX job_by_run ON job (tenant, run);
  CREATE INDEX job_unfinished ON job (tenant, number) WHERE state IN ('queued', 'running');
  `,
]

export function migrate(db: DatabaseSync): void {
  migrateWith(db, MIGRATIONS)
}
