import type { Left, RunRow } from '../../core/store'
import { lanesOf } from './lanes'
import type { Sql } from './sql'

/** Of what a comparing target was last given; 2,000,000 records are recalled, 16 bytes each. */
const MEMORY_BYTES = 3 * 16 * 2_000_000
const MEMORY_PARTS = 1000

/** What targets that compare were last given, by hash. */
export class Memory {
  constructor(private readonly sql: Sql) {}

  *read(workflow: string, identity: string): Generator<Int32Array> {
    const rows = this.sql.of('SELECT entries FROM memory WHERE workflow = ? AND identity = ? ORDER BY id')
    for (const { entries } of rows.iterate(workflow, identity)) {
      yield lanesOf(entries)
    }
  }

  /** What a run leaves takes the place of what was there, or is added to it. */
  leave(run: RunRow, memory: Left['memory']): void {
    if (memory?.whole !== false) this.forget(run.workflow)
    if (!memory) return
    this.sql
      .of(
        'INSERT INTO memory (workflow, identity, entries) SELECT ?, ?, hashes FROM seen WHERE run = ? ORDER BY id',
      )
      .run(run.workflow, memory.identity, run.id)
    if (memory.whole) return
    // what parts alone are added to has no end of its own: forgotten, the target compares until it is known again
    const kept = this.sql
      .of('SELECT count(*) AS parts, sum(length(entries)) AS bytes FROM memory WHERE workflow = ?')
      .get(run.workflow)
    if (Number(kept?.['parts']) > MEMORY_PARTS || Number(kept?.['bytes']) > MEMORY_BYTES)
      this.forget(run.workflow)
  }

  forget(workflow: string): void {
    this.sql.of('DELETE FROM memory WHERE workflow = ?').run(workflow)
  }
}
