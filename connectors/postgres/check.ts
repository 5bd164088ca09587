import type { CheckedStream, CheckStep } from '../../shared/core/connector'
import { Fault } from '../../shared/core/fault'
import type { Http } from '../../shared/core/ports'
import { describeSource } from './read'
import type { Session } from './session'
import { describeTable, type Table } from './table'
import type { Transaction } from './transaction'

type Step = [name: string, work: (tx: Transaction) => Promise<string>]

/** Connects, logs in, and tries in a transaction that is rolled back what a run would do with the stream. */
export async function* checkConnection(
  session: Session,
  http: Http,
  stream: CheckedStream | undefined,
): AsyncGenerator<CheckStep> {
  for await (const step of way(session, http)) {
    yield step
    if (step.result === 'failed') return
  }
  const steps: Step[] = [['log in', (tx) => loggedIn(tx, session.settings.place)]]
  if (stream?.use === 'source') steps.push(['read', (tx) => readOne(tx, stream, session.settings.schema)])
  if (stream?.use === 'target') steps.push(...targetSteps(stream.name, session.settings.schema))
  for (const [name, work] of steps) {
    const step = await attempt(session, name, work)
    yield step
    if (step.result === 'failed') return
  }
}

/** Name and port are looked at through the http port, which can; TLS comes after PostgreSQL's own greeting. */
async function* way({ settings }: Session, http: Http): AsyncGenerator<CheckStep> {
  const { host = '', port = 0 } = settings.pool
  const client = http.open({ proxy: 'none', connectTimeoutMs: 10_000 })
  try {
    if (!client.probe || host.startsWith('/')) {
      yield {
        name: 'network',
        result: 'notDone',
        detail: 'the way to the server cannot be looked at from here',
      }
      return
    }
    for await (const { name, detail, fault } of client.probe(`http://${host}:${port}`)) {
      yield fault ? failed(name, fault) : { name, result: 'passed', detail }
      if (fault) return
    }
  } finally {
    await client.close()
  }
}

async function attempt(session: Session, name: string, work: Step[1]): Promise<CheckStep> {
  try {
    const detail = await session.transaction('READ WRITE', async (tx) => ({ result: await work(tx) }))
    return { name, result: 'passed', detail }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return failed(name, error)
  }
}

function failed(name: string, { code, detail }: Fault): CheckStep {
  return { name, result: 'failed', detail, fault: { code, detail } }
}

async function loggedIn(tx: Transaction, place: string): Promise<string> {
  const [row] = await tx.rows(
    `SELECT current_setting('server_version'), current_user,
       (SELECT CASE WHEN ssl THEN version || ' ' || cipher END FROM pg_stat_ssl WHERE pid = pg_backend_pid())`,
  )
  const [version, user, tls] = row ?? []
  const encryption = tls == null ? 'not encrypted' : `encrypted with ${tls}`
  return `PostgreSQL ${version ?? '?'} at ${place} as ${user ?? '?'}, ${encryption}`
}

async function readOne(tx: Transaction, stream: CheckedStream, schema: string | undefined): Promise<string> {
  const { sql, columns } = await describeSource(
    tx,
    { stream: stream.name, settings: stream.settings ?? {}, key: [] },
    schema,
  )
  const rows = await tx.rows(`SELECT * FROM ${sql} t LIMIT 1`)
  return `${stream.name} has ${columns.length} columns; ${rows.length === 0 ? 'it is empty' : 'a row could be read'}`
}

function targetSteps(stream: string, schema: string | undefined): Step[] {
  const onTable =
    (work: (tx: Transaction, table: Table) => Promise<string>): Step[1] =>
    async (tx) =>
      work(tx, await describeTable(tx, stream, schema))
  return [
    [
      'find the table',
      onTable((_, table) =>
        Promise.resolve(
          `${table.sql} has ${table.columns.length} columns, key (${table.primaryKey.join(', ')})`,
        ),
      ),
    ],
    ['privileges', onTable(privileges)],
    ['write nothing', onTable(writeNothing)],
  ]
}

const NEEDED = ['SELECT', 'INSERT', 'UPDATE', 'DELETE']

async function privileges(tx: Transaction, table: Table): Promise<string> {
  const rows = await tx.rows(
    'SELECT p, has_table_privilege($1::oid, p), quote_ident(current_user) FROM unnest($2::text[]) p',
    [table.oid, `{${NEEDED.join(',')}}`],
  )
  const missing = rows.filter(([, granted]) => granted !== 't').map(([privilege]) => privilege ?? '')
  if (missing.length === 0) return NEEDED.join(', ')
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

async function writeNothing(tx: Transaction, table: Table): Promise<string> {
  await tx.run(`DELETE FROM ${table.sql} WHERE false`)
  await tx.run(`CREATE TEMP TABLE tieout_check ON COMMIT DROP AS SELECT * FROM ${table.sql} WITH NO DATA`)
  return 'an empty statement and a temporary table were accepted, and rolled back'
}
