import type { SQLInputValue } from 'node:sqlite'
import type { Turns } from '../../core/exceptions/store'
import { Fault } from '../../core/fault'
import type { NewEvent } from '../../core/feed'
import type { Keep } from '../../core/keep'
import type { Age } from '../../core/reconciliation/ages'
import type { BreakKind, BreakLog, KeptBreak } from '../../core/reconciliation/break'
import type { Reconciliation } from '../../core/reconciliation/reconciliation'
import {
  KEPT_BREAKS,
  type BreakFilter,
  type Decision,
  type KeptDecision,
  type ReconciliationStore,
  type Signature,
} from '../../core/reconciliation/store'
import type { Answers } from './answers'
import { conditionOf } from './condition'
import { SqliteBreakLog, keptBreak } from './break-log'
import type { SqliteInbox } from './inbox'
import { isDecision, isReconciliation, isSignature, saved } from './saved'
import type { Sql } from './sql'

const AGES_PER_READ = 5000
const DAY = 86_400_000

/** Reconciliations, their breaks, decisions and signatures in the tables of the SQLite store. */
export class SqliteReconciliations implements ReconciliationStore {
  constructor(
    private readonly sql: Sql,
    private readonly inbox: SqliteInbox,
    private readonly answers: Answers,
  ) {}

  breakLog(run: string): BreakLog {
    return new SqliteBreakLog(this.sql, run)
  }

  breaks(filter: BreakFilter, page: { limit: number; after?: number }): Promise<KeptBreak[]> {
    const { where, values } = condition(filter)
    const last =
      page.after === undefined
        ? undefined
        : this.sql.of('SELECT key, kind, print FROM break WHERE id = ?').get(page.after)
    const from = last ? ' AND (key, kind, print, id) > (?, ?, ?, ?)' : ''
    const place = last ? [String(last['key']), String(last['kind']), Number(last['print'])] : []
    const rows = this.sql
      .of(`SELECT id, body FROM break WHERE ${where}${from} ORDER BY key, kind, print, id LIMIT ?`)
      .all(...values, ...(last ? [...place, page.after ?? 0] : []), page.limit)
    return Promise.resolve(rows.map(keptBreak))
  }

  countBreaks(filter: BreakFilter): Promise<number> {
    const { where, values } = condition(filter)
    const row = this.sql.of(`SELECT count(*) AS breaks FROM break WHERE ${where}`).get(...values)
    return Promise.resolve(Number(row?.['breaks'] ?? 0))
  }

  async *ages(workflow: string): AsyncGenerator<readonly Age[]> {
    await Promise.resolve()
    const last = this.sql
      .of(
        `SELECT id, started FROM reconciliation WHERE workflow = ? AND status <> 'failed'
        ORDER BY started DESC, rowid DESC LIMIT 1`,
      )
      .get(workflow)
    if (!last) return
    const next = this.sql.of(
      `SELECT id, key, kind, print, coalesce(first_seen, ?) AS first FROM break
      WHERE run = ? AND (key, kind, print, id) > (?, ?, ?, ?)
      ORDER BY key, kind, print, id LIMIT ${String(AGES_PER_READ)}`,
    )
    const [started, run] = [Number(last['started']), String(last['id'])]
    for (let place: SQLInputValue[] = ['', '', -1, 0]; ;) {
      const rows = next.all(started, run, ...place)
      const end = rows.at(-1)
      if (!end) return
      yield rows.map(({ key, kind, first }) => ({
        key: String(key),
        kind: kindOf(kind),
        firstSeen: Number(first),
      }))
      place = [String(end['key']), String(end['kind']), Number(end['print']), Number(end['id'])]
    }
  }

  saveReconciliation(reconciliation: Reconciliation): Promise<void> {
    const { id, workflow, status, started } = reconciliation
    return this.sql.transaction(() => {
      this.sql
        .of(
          `INSERT INTO reconciliation (id, workflow, status, started, body) VALUES (?, ?, ?, ?, ?)
          ON CONFLICT (id) DO UPDATE SET status = excluded.status, body = excluded.body`,
        )
        .run(id, workflow, status, Date.parse(started), JSON.stringify(reconciliation))
      this.sql.wiped(() => {
        this.dropOld(workflow)
        this.dropAbandoned(workflow, Date.parse(started) - DAY)
      })
    })
  }

  reconciliation(id: string): Promise<Reconciliation | undefined> {
    return Promise.resolve(
      this.sql.body('SELECT body FROM reconciliation WHERE id = ?', isReconciliation, id),
    )
  }

  reconciliations({
    workflow,
    limit,
    before,
  }: {
    workflow?: string
    limit: number
    before?: string
  }): Promise<Reconciliation[]> {
    const { where, values } = conditionOf([
      ['workflow = ?', workflow],
      ['(started, rowid) < (SELECT started, rowid FROM reconciliation WHERE id = ?)', before],
    ])
    const rows = this.sql
      .of(`SELECT body FROM reconciliation WHERE ${where} ORDER BY started DESC, rowid DESC LIMIT ?`)
      .all(...values, limit)
    return Promise.resolve(rows.map((row) => saved(row['body'], isReconciliation)))
  }

  decide(decisions: readonly Decision[], turns?: Turns): Promise<void> {
    return this.sql.transaction(() => {
      for (const decision of decisions) {
        const { workflow, key, kind, exception } = decision
        this.sql
          .of('INSERT OR REPLACE INTO decision (workflow, key, kind, body) VALUES (?, ?, ?, ?)')
          .run(workflow, key, kind, JSON.stringify(decision))
        if (exception !== undefined && turns) this.inbox.turnById(exception, turns)
      }
    })
  }

  withdraw(workflow: string, keys: readonly string[]): Promise<void> {
    return this.sql.transaction(() => {
      for (const key of keys)
        this.sql.of('DELETE FROM decision WHERE workflow = ? AND key = ?').run(workflow, key)
    })
  }

  decisions(workflow: string): Promise<Decision[]> {
    const rows = this.sql.of('SELECT body FROM decision WHERE workflow = ? ORDER BY key, kind').all(workflow)
    return Promise.resolve(rows.map((row) => saved(row['body'], isDecision)))
  }

  decisionPage(
    workflow: string,
    { limit, after = 0 }: { limit: number; after?: number },
  ): Promise<KeptDecision[]> {
    const rows = this.sql
      .of('SELECT rowid, body FROM decision WHERE workflow = ? AND rowid > ? ORDER BY rowid LIMIT ?')
      .all(workflow, after, limit)
    return Promise.resolve(
      rows.map((row) => ({ ...saved(row['body'], isDecision), id: Number(row['rowid']) })),
    )
  }

  signOff(signature: Signature, keep?: Keep<Signature>): Promise<void> {
    const { workflow, period, reconciliation } = signature
    return this.sql.transaction(() => {
      const closed = this.sql.body(
        'SELECT body FROM signature WHERE workflow = ? AND period = ?',
        isSignature,
        workflow,
        period,
      )
      if (closed) throw periodClosed(closed)
      this.sql
        .of('INSERT INTO signature (workflow, period, reconciliation, body) VALUES (?, ?, ?, ?)')
        .run(workflow, period, reconciliation, JSON.stringify(signature))
      this.inbox.tell(signedOff(signature))
      this.answers.keep(keep, signature)
    })
  }

  signatures(workflow: string): Promise<Signature[]> {
    const rows = this.sql
      .of('SELECT body FROM signature WHERE workflow = ? ORDER BY period DESC')
      .all(workflow)
    return Promise.resolve(rows.map((row) => saved(row['body'], isSignature)))
  }

  private dropOld(workflow: string): void {
    this.sql
      .of(
        `DELETE FROM break WHERE run IN (
          SELECT id FROM reconciliation WHERE workflow = ?1
            AND id NOT IN (SELECT reconciliation FROM signature WHERE workflow = ?1)
            AND id NOT IN (
              SELECT id FROM reconciliation WHERE workflow = ?1
              ORDER BY started DESC, rowid DESC LIMIT ${String(KEPT_BREAKS)}))`,
      )
      .run(workflow)
  }

  /** Breaks of reconciliations that were killed before they ended. */
  private dropAbandoned(workflow: string, before: number): void {
    this.sql
      .of(
        `DELETE FROM break WHERE run IN (
          SELECT id FROM run WHERE workflow = ? AND started < ? AND json_extract(body, '$.kind') = 'reconcile'
            AND id NOT IN (SELECT id FROM reconciliation))`,
      )
      .run(workflow, before)
  }
}

function condition(filter: BreakFilter): { where: string; values: SQLInputValue[] } {
  const terms = ['run = ?']
  const values: SQLInputValue[] = [filter.run]
  for (const column of ['key', 'kind', 'cause', 'state'] as const) {
    const value = filter[column]
    if (value === undefined) continue
    terms.push(`${column} = ?`)
    values.push(value)
  }
  for (const [at, value] of (filter.dimensions ?? []).entries()) {
    if (value === '') continue
    terms.push(`dimensions ->> ${String(at)} = ?`)
    values.push(value)
  }
  if (filter.field !== undefined) {
    terms.push('EXISTS (SELECT 1 FROM json_each(break.fields) WHERE value = ?)')
    values.push(filter.field)
  }
  return { where: terms.join(' AND '), values }
}

function kindOf(text: unknown): BreakKind {
  switch (text) {
    case 'missing-in-source':
    case 'missing-in-target':
    case 'duplicate':
      return text
    default:
      return 'differs'
  }
}

function signedOff({ reconciliation, workflow, period, who, at, comment, contentHash }: Signature): NewEvent {
  const facts = { period, comment, contentHash }
  return { at, type: 'reconciliation.signed-off', workflow, run: reconciliation, who, facts }
}

function periodClosed({ workflow, period, who, at, reconciliation }: Signature): Fault {
  const when = new Date(at).toISOString()
  return new Fault(
    'PERIOD_CLOSED',
    `${period} of ${workflow} is closed: ${who} signed reconciliation ${reconciliation} on ${when}.`,
    { workflow, period, reconciliation },
  )
}
