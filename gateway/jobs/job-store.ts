import { saved } from '../../shared/adapters/store/saved'
import type { Sql } from '../../shared/adapters/store/sql'
import type { Job } from './jobs'

/** The jobs of one tenant in the gateway's own state. */
export class JobStore {
  constructor(
    private readonly sql: Sql,
    private readonly tenant: string,
  ) {}

  add(job: Omit<Job, 'number'>, claim?: string): Job {
    const { run, workflow, kind, state } = job
    const added = this.sql
      .of('INSERT INTO job (tenant, run, workflow, kind, state, body, claim) VALUES (?, ?, ?, ?, ?, ?, ?)')
      .run(this.tenant, run, workflow, kind, state, JSON.stringify(job), claim ?? null)
    return { ...job, number: Number(added.lastInsertRowid) }
  }

  save(job: Job): void {
    this.sql
      .of('UPDATE job SET state = ?, body = ? WHERE number = ? AND tenant = ?')
      .run(job.state, JSON.stringify(job), job.number, this.tenant)
  }

  job(run: string): Job | undefined {
    const row = this.sql
      .of('SELECT number, body FROM job WHERE tenant = ? AND run = ? ORDER BY number DESC LIMIT 1')
      .get(this.tenant, run)
    return row ? jobOf(row) : undefined
  }

  ofClaim(claim: string): Job | undefined {
    const row = this.sql
      .of('SELECT number, body FROM job WHERE tenant = ? AND claim = ?')
      .get(this.tenant, claim)
    return row ? jobOf(row) : undefined
  }

  /** Newest first; a run that was gone on with is in the place of its last job. */
  jobs({ workflow, kind, limit, before }: JobFilter): Job[] {
    const rows = this.sql
      .of(
        `SELECT number, body FROM job WHERE tenant = ? AND number < ? AND (? IS NULL OR workflow = ?) AND (? IS NULL OR kind = ?)
           AND NOT EXISTS (
             SELECT 1 FROM job AS later WHERE later.tenant = job.tenant AND later.run = job.run AND later.number > job.number)
         ORDER BY number DESC LIMIT ?`,
      )
      .all(
        this.tenant,
        before ?? Number.MAX_SAFE_INTEGER,
        workflow ?? null,
        workflow ?? null,
        kind ?? null,
        kind ?? null,
        limit,
      )
    return rows.map(jobOf)
  }

  /** Those that a gateway that ended left behind, oldest first. */
  unfinished(): Job[] {
    const rows = this.sql
      .of(`SELECT number, body FROM job WHERE tenant = ? AND state IN ('queued', 'running') ORDER BY number`)
      .all(this.tenant)
    return rows.map(jobOf)
  }
}

export interface JobFilter {
  workflow?: string
  kind?: Job['kind']
  limit: number
  before?: number
}

function jobOf(row: Readonly<Record<string, unknown>>): Job {
  return { ...saved(row['body'], isJob), number: Number(row['number']) }
}

function isJob(value: unknown): value is Omit<Job, 'number'> {
  return typeof value === 'object' && value !== null && 'kind' in value && 'client' in value
}
