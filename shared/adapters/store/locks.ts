import type { Lock } from '../../core/store'
import type { Sql } from './sql'

/** Who is at work on a workflow, and until when. */
export class Locks {
  constructor(private readonly sql: Sql) {}

  acquire(lock: Lock, now: number, dead?: Lock): Promise<Lock | undefined> {
    return this.sql.transaction(() => {
      const row = this.sql.of('SELECT run, owner, until FROM lock WHERE workflow = ?').get(lock.workflow)
      const until = Number(row?.['until'] ?? 0)
      if (row && until > now) {
        const holder = {
          workflow: lock.workflow,
          run: String(row['run']),
          owner: String(row['owner']),
          until,
        }
        if (holder.owner !== dead?.owner || holder.run !== dead.run) return holder
      }
      this.sql
        .of('INSERT OR REPLACE INTO lock (workflow, run, owner, until) VALUES (?, ?, ?, ?)')
        .run(lock.workflow, lock.run, lock.owner, lock.until)
      return undefined
    })
  }

  renew({ workflow, run, owner, until }: Lock): Promise<boolean> {
    const done = this.sql
      .of('UPDATE lock SET until = ? WHERE workflow = ? AND run = ? AND owner = ?')
      .run(until, workflow, run, owner)
    return Promise.resolve(done.changes === 1)
  }

  release({ workflow, run, owner }: Lock): Promise<void> {
    this.sql.of('DELETE FROM lock WHERE workflow = ? AND run = ? AND owner = ?').run(workflow, run, owner)
    return Promise.resolve()
  }
}
