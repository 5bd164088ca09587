import type { PackedChanges } from '../../core/store'
import { bytesOf, lanesOf } from './lanes'
import { isKeys, saved } from './saved'
import type { Sql } from './sql'

/** Journals for undo are kept for this many runs of a workflow. */
const UNDOABLE_RUNS = 5

/** What runs wrote and what was there before. */
export class ChangeJournal {
  constructor(private readonly sql: Sql) {}

  add(run: string, changes: readonly PackedChanges[]): void {
    const change = this.sql.of(
      'INSERT INTO change (run, operation, fields, keys, hashes, before) VALUES (?, ?, ?, ?, ?, ?)',
    )
    for (const { operation, fields, keys, hashes, before } of changes) {
      change.run(run, operation, JSON.stringify(fields), keys, bytesOf(hashes), before)
    }
  }

  /** The newest first. */
  *read(run: string): Generator<PackedChanges> {
    const next = this.sql.of('SELECT * FROM change WHERE run = ? AND id < ? ORDER BY id DESC LIMIT 1')
    for (let before = Number.MAX_SAFE_INTEGER; ;) {
      const row = next.get(run, before)
      if (!row) return
      const { operation, hashes } = row
      yield {
        operation: operation === 'updated' || operation === 'deleted' ? operation : 'created',
        fields: saved(row['fields'], isKeys),
        keys: String(row['keys']),
        hashes: lanesOf(hashes),
        before: String(row['before']),
      }
      before = Number(row['id'])
    }
  }

  dropOld(workflow: string): void {
    const old = this.sql.of(
      `DELETE FROM change WHERE run IN
      (SELECT id FROM run WHERE workflow = ? ORDER BY started DESC, rowid DESC LIMIT -1 OFFSET ${String(UNDOABLE_RUNS)})`,
    )
    this.sql.wiped(() => old.run(workflow))
  }
}
