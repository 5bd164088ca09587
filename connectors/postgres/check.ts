import type { CheckStep } from '../../shared/core/connector'
import { Fault } from '../../shared/core/fault'
import type { Session, Transaction } from './session'
import { describeTable, type Table } from './table'

type Work = (tx: Transaction) => Promise<string>

/** Connects, logs in, and tries in a transaction that is rolled back what a run would do with the stream. */
export async function* checkConnection(
  session: Session,
  stream: { name: string; use: 'source' | 'target' } | undefined,
): AsyncGenerator<CheckStep> {
  const { place, schema } = session.settings
  let table: Table | undefined
  const steps: [name: string, work: Work][] = [
    ['connect and log in', (tx) => connected(tx, place)],
    ...(stream
      ? ([
          [
            `find ${stream.name}`,
            async (tx) => {
              table = await describeTable(tx, stream.name, schema)
              return `${table.sql} has ${table.columns.length} columns, key (${table.primaryKey.join(', ')})`
            },
          ],
          ['privileges', (tx) => privileges(tx, table, stream.use)],
          stream.use === 'source'
            ? ['read', (tx) => readOne(tx, table)]
            : ['write nothing', (tx) => writeNothing(tx, table)],
        ] satisfies [string, Work][])
      : []),
  ]
  for (const [name, work] of steps) {
    const step = await attempt(session, name, work)
    yield step
    if (step.result === 'failed') return
  }
}

async function attempt(session: Session, name: string, work: Work): Promise<CheckStep> {
  try {
    const detail = await session.transaction('READ WRITE', async (tx) => ({ result: await work(tx) }))
    return { name, result: 'passed', detail }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return { name, result: 'failed', detail: error.detail, fault: { code: error.code, detail: error.detail } }
  }
}

async function connected(tx: Transaction, place: string): Promise<string> {
  const [row] = await tx.rows(
    `SELECT current_setting('server_version'), current_user,
       (SELECT CASE WHEN ssl THEN version || ' ' || cipher END FROM pg_stat_ssl WHERE pid = pg_backend_pid())`,
  )
  const [version, user, tls] = row ?? []
  return `PostgreSQL ${version ?? '?'} at ${place} as ${user ?? '?'}, ${tls == null ? 'not encrypted' : `encrypted with ${tls}`}`
}

const NEEDED = { source: ['SELECT'], target: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'] }

async function privileges(
  tx: Transaction,
  table: Table | undefined,
  use: 'source' | 'target',
): Promise<string> {
  if (!table) return 'no table'
  const needed = NEEDED[use]
  const rows = await tx.rows(
    'SELECT p, has_table_privilege($1::oid, p), quote_ident(current_user) FROM unnest($2::text[]) p',
    [table.oid, `{${needed.join(',')}}`],
  )
  const missing = rows.filter(([, granted]) => granted !== 't').map(([privilege]) => privilege ?? '')
  if (missing.length === 0) return needed.join(', ')
  const grant = `GRANT ${missing.join(', ')} ON ${table.sql} TO ${rows[0]?.[2] ?? ''};`
  throw new Fault(
    'DATABASE_PERMISSION_DENIED',
    `${missing.join(', ')} on ${table.sql} is missing. Run: ${grant}`,
    {
      table: table.sql,
      grant,
    },
  )
}

async function readOne(tx: Transaction, table: Table | undefined): Promise<string> {
  if (!table) return 'no table'
  const rows = await tx.rows(`SELECT * FROM ${table.sql} LIMIT 1`)
  return rows.length === 0 ? 'the table is empty' : 'a row could be read'
}

async function writeNothing(tx: Transaction, table: Table | undefined): Promise<string> {
  if (!table) return 'no table'
  await tx.run(`INSERT INTO ${table.sql} SELECT * FROM ${table.sql} LIMIT 0`)
  await tx.run(`CREATE TEMP TABLE tieout_check ON COMMIT DROP AS SELECT * FROM ${table.sql} WITH NO DATA`)
  return 'an empty insert and a temporary table were made and rolled back'
}
