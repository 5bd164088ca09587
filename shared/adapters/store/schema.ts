import type { DatabaseSync } from 'node:sqlite'
import { ANSWERS } from './answers'
import { GIVEN } from './known'
import { migrateWith } from './migrate'

/** Steps are never changed, only added. */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE run (
    id TEXT PRIMARY KEY, workflow TEXT NOT NULL, status TEXT NOT NULL, started INTEGER NOT NULL, body TEXT NOT NULL
  );
  CREATE INDEX run_by_workflow ON run (workflow, started);
  CREATE TABLE lock (workflow TEXT PRIMARY KEY, run TEXT NOT NULL, owner TEXT NOT NULL, until INTEGER NOT NULL);
  CREATE TABLE checkpoint (run TEXT PRIMARY KEY, body TEXT NOT NULL);
  CREATE TABLE seen (id INTEGER PRIMARY KEY, run TEXT NOT NULL, hashes BLOB NOT NULL);
  CREATE INDEX seen_by_run ON seen (run, id);
  CREATE TABLE memory (id INTEGER PRIMARY KEY, workflow TEXT NOT NULL, identity TEXT NOT NULL, entries BLOB NOT NULL);
  CREATE INDEX memory_by_workflow ON memory (workflow, id);
  CREATE TABLE known (
    workflow TEXT NOT NULL, key TEXT NOT NULL, hash INTEGER NOT NULL, PRIMARY KEY (workflow, key)
  ) WITHOUT ROWID;
  CREATE TABLE intent (
    run TEXT NOT NULL, batch TEXT NOT NULL, last_row INTEGER NOT NULL, keys TEXT NOT NULL, answers TEXT, PRIMARY KEY (run, batch)
  );
  CREATE TABLE change (
    id INTEGER PRIMARY KEY, run TEXT NOT NULL, operation TEXT NOT NULL, fields TEXT NOT NULL, keys TEXT NOT NULL,
    hashes BLOB NOT NULL, before TEXT NOT NULL
  );
  CREATE INDEX change_by_run ON change (run, id);
  CREATE TABLE exception (
    id INTEGER PRIMARY KEY, run TEXT NOT NULL, workflow TEXT NOT NULL, key TEXT, code TEXT NOT NULL,
    kept INTEGER NOT NULL, body TEXT NOT NULL
  );
  CREATE INDEX exception_by_run ON exception (run, id);
  CREATE INDEX exception_by_workflow ON exception (workflow, id);
  CREATE TABLE noted_delete (id INTEGER PRIMARY KEY, run TEXT NOT NULL, keys TEXT NOT NULL);
  CREATE INDEX noted_delete_by_run ON noted_delete (run, id);
  CREATE TABLE cursor (workflow TEXT PRIMARY KEY, field TEXT NOT NULL, value TEXT NOT NULL);
  `,
  `
  CREATE TABLE reconciliation (
    id TEXT PRIMARY KEY, workflow TEXT NOT NULL, status TEXT NOT NULL, started INTEGER NOT NULL, body TEXT NOT NULL
  );
  CREATE INDEX reconciliation_by_workflow ON reconciliation (workflow, started);
  CREATE TABLE break (
    id INTEGER PRIMARY KEY, run TEXT NOT NULL, key TEXT NOT NULL, kind TEXT NOT NULL, print INTEGER NOT NULL, cause TEXT,
    state TEXT NOT NULL, first_seen INTEGER, dimensions TEXT NOT NULL, fields TEXT NOT NULL, body TEXT NOT NULL
  );
  CREATE INDEX break_by_run ON break (run, key, kind, print);
  CREATE TABLE decision (
    workflow TEXT NOT NULL, key TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (workflow, key, kind)
  );
  CREATE TABLE signature (
    workflow TEXT NOT NULL, period TEXT NOT NULL, reconciliation TEXT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (workflow, period)
  );
  `,
  `
  ALTER TABLE exception RENAME TO failure;
  DROP INDEX exception_by_run;
  DROP INDEX exception_by_workflow;
  ALTER TABLE failure ADD COLUMN at INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE failure ADD COLUMN expired INTEGER NOT NULL DEFAULT 0;
  UPDATE failure SET at = json_extract(body, '$.at'), body = json_set(body, '$.hash', '');
  CREATE INDEX failure_by_run ON failure (run, id);
  CREATE INDEX failure_by_age ON failure (workflow, expired, at);
  CREATE TABLE exception (
    id INTEGER PRIMARY KEY, workflow TEXT NOT NULL, subject TEXT NOT NULL, state TEXT NOT NULL, fingerprint TEXT NOT NULL,
    code TEXT NOT NULL, stage TEXT NOT NULL, field TEXT, run TEXT NOT NULL, key TEXT, message TEXT NOT NULL,
    attempts INTEGER NOT NULL, first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL, opened INTEGER NOT NULL, due INTEGER,
    assignee TEXT, tags TEXT NOT NULL, settled_at INTEGER, version INTEGER NOT NULL, life TEXT NOT NULL
  );
  CREATE UNIQUE INDEX exception_by_subject ON exception (workflow, subject);
  CREATE INDEX exception_by_state ON exception (workflow, state, settled_at);
  CREATE INDEX exception_by_fingerprint ON exception (fingerprint);
  CREATE INDEX exception_by_run ON exception (run);
  CREATE INDEX exception_by_assignee ON exception (assignee) WHERE assignee IS NOT NULL;
  CREATE TABLE exception_content (id INTEGER PRIMARY KEY, body TEXT NOT NULL);
  CREATE TABLE event (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, type TEXT NOT NULL, workflow TEXT NOT NULL, run TEXT,
    exception INTEGER, who TEXT NOT NULL, facts TEXT NOT NULL
  );
  CREATE INDEX event_by_exception ON event (exception, id) WHERE exception IS NOT NULL;
  CREATE INDEX event_by_workflow ON event (workflow, id);
  `,
  GIVEN,
  ANSWERS,
  // within one kind in the order of rowid
  "CREATE INDEX IF NOT EXISTS run_by_kind ON run (workflow, json_extract(body, '$.kind'));",
  "CREATE INDEX IF NOT EXISTS failure_by_hash ON failure (run, json_extract(body, '$.hash'));",
]

export function migrate(db: DatabaseSync): void {
  migrateWith(db, MIGRATIONS)
}
