import type { DatabaseSync } from 'node:sqlite'
import { ANSWERS } from '../../shared/adapters/store/answers'
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
  `
  CREATE TABLE client (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE credential (
    id TEXT PRIMARY KEY, client TEXT NOT NULL REFERENCES client, kind TEXT NOT NULL, lookup TEXT, body TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX credential_by_client ON credential (client, kind);
  CREATE UNIQUE INDEX credential_by_lookup ON credential (kind, lookup) WHERE lookup IS NOT NULL;
  CREATE TABLE assertion (id TEXT PRIMARY KEY, expires INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE secret (name TEXT PRIMARY KEY, sealed TEXT NOT NULL) WITHOUT ROWID;
  `,
  `
  CREATE TABLE used (
    client TEXT NOT NULL, policy TEXT NOT NULL, window_end INTEGER NOT NULL, amount INTEGER NOT NULL, debt INTEGER NOT NULL,
    PRIMARY KEY (client, policy)
  ) WITHOUT ROWID;
  `,
  `
  CREATE TABLE claim (
    client TEXT NOT NULL, key TEXT NOT NULL, id TEXT NOT NULL, operation TEXT NOT NULL, path TEXT NOT NULL,
    fingerprint TEXT NOT NULL, state TEXT NOT NULL, began INTEGER NOT NULL, answer TEXT, bytes BLOB,
    PRIMARY KEY (client, key)
  );
  CREATE INDEX claim_by_age ON claim (began);
  ALTER TABLE job ADD COLUMN claim TEXT;
  CREATE UNIQUE INDEX job_by_claim ON job (tenant, claim) WHERE claim IS NOT NULL;
  `,
  `
  CREATE TABLE audit (number INTEGER PRIMARY KEY, body TEXT NOT NULL, key TEXT NOT NULL, hash TEXT NOT NULL);
  `,
  `
  CREATE TABLE webhook (id TEXT PRIMARY KEY, tenant TEXT NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
  `,
  `
  CREATE TABLE audit_head (
    one INTEGER PRIMARY KEY CHECK (one = 1), number INTEGER NOT NULL, key TEXT NOT NULL, hash TEXT NOT NULL
  );
  `,
  `
  CREATE TABLE request (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, client TEXT NOT NULL, tenant TEXT NOT NULL, at INTEGER NOT NULL,
    operation TEXT NOT NULL, status INTEGER NOT NULL, code TEXT, body TEXT NOT NULL
  );
  CREATE INDEX request_of_client ON request (client, tenant, number, at, operation, status, code);
  `,
  `
  ${ANSWERS}
  INSERT INTO answer (id, at, text) SELECT id, began, json_set(answer, '$.sealed', bytes) FROM claim WHERE state = 'done';
  ALTER TABLE claim DROP COLUMN answer;
  ALTER TABLE claim DROP COLUMN bytes;
  `,
  `
  CREATE TABLE failed_attempt (name TEXT PRIMARY KEY, count INTEGER NOT NULL, last INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX failed_attempt_by_age ON failed_attempt (last);
  CREATE TABLE known_place (name TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX known_place_by_age ON known_place (at);
  `,
]

export function migrate(db: DatabaseSync): void {
  migrateWith(db, MIGRATIONS)
}
