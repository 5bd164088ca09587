import type { Break, BreakLog, KeptBreak } from '../../core/reconciliation/break'
import { breakPrint } from '../../core/reconciliation/break-order'
import { parsePrinted } from '../../core/format/json'
import { Fault } from '../../core/fault'
import type { Sql } from './sql'

const BREAKS_PER_READ = 250

/**
 * The breaks of one run. What they are filtered by stands in columns; `print` orders those of one key and kind whatever
 * order they came in, and stays when a break is updated while others are read.
 */
export class SqliteBreakLog implements BreakLog {
  constructor(
    private readonly sql: Sql,
    private readonly run: string,
  ) {
    sql.wiped(() => sql.of('DELETE FROM break WHERE run = ?').run(run))
  }

  add(breaks: readonly Break[]): Promise<void> {
    const insert = this.sql.of(
      `INSERT INTO break (run, key, kind, print, cause, state, first_seen, dimensions, fields, body)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    return this.sql.transaction(() => {
      for (const one of breaks) {
        const { key, kind, cause, state, firstSeen, dimensions, fields } = one
        const body = JSON.stringify(one)
        insert.run(
          this.run,
          key,
          kind,
          breakPrint(body),
          cause ?? null,
          state,
          firstSeen ?? null,
          JSON.stringify(dimensions),
          JSON.stringify(fields.map(({ field }) => field)),
          body,
        )
      }
    })
  }

  async *read(): AsyncGenerator<readonly KeptBreak[]> {
    await Promise.resolve()
    const next = this.sql.of(
      `SELECT id, key, kind, print, body FROM break WHERE run = ? AND (key, kind, print, id) > (?, ?, ?, ?)
      ORDER BY key, kind, print, id LIMIT ${String(BREAKS_PER_READ)}`,
    )
    for (let place: [string, string, number, number] = ['', '', -1, 0]; ;) {
      const rows = next.all(this.run, ...place)
      const end = rows.at(-1)
      if (!end) return
      yield rows.map(keptBreak)
      place = [String(end['key']), String(end['kind']), Number(end['print']), Number(end['id'])]
    }
  }

  /** What they were before may have been personal. */
  update(breaks: readonly KeptBreak[]): Promise<void> {
    const update = this.sql.of(
      'UPDATE break SET cause = ?, state = ?, first_seen = ?, body = ? WHERE id = ? AND run = ?',
    )
    return this.sql.transaction(() => {
      this.sql.wiped(() => {
        for (const { id, ...one } of breaks)
          update.run(one.cause ?? null, one.state, one.firstSeen ?? null, JSON.stringify(one), id, this.run)
      })
    })
  }

  count(): Promise<number> {
    const row = this.sql.of('SELECT count(*) AS breaks FROM break WHERE run = ?').get(this.run)
    return Promise.resolve(Number(row?.['breaks'] ?? 0))
  }
}

/** Numbers of records keep their digits. */
export function keptBreak({ id, body }: Readonly<Record<string, unknown>>): KeptBreak {
  const one: unknown = parsePrinted(String(body))
  if (!isBreak(one))
    throw new Fault('STORE_DAMAGED', 'A break of the state file is not what Tieout writes there.')
  return { ...one, id: Number(id) }
}

function isBreak(value: unknown): value is Break {
  return typeof value === 'object' && value !== null && 'kind' in value && 'effect' in value
}
