// A real PostgreSQL for tests. `postgresUrl` and `freshDatabase` work in any test file; finding or starting the
// server is done once for a whole run of jest, by global-setup.ts.
import { randomUUID } from 'node:crypto'
import { Client } from 'pg'

const variable = 'TIEOUT_TEST_POSTGRES'

/** The server that this run of jest uses; undefined when the machine has none. */
export function postgresUrl(): string | undefined {
  return process.env[variable]
}

/** Called by global-setup.ts. Jest starts its workers afterwards with a copy of this environment. */
export function announcePostgres(url: string): void {
  process.env[variable] = url
}

/** `describe` for tests that need the server. Without one they show as skipped, and in CI they fail. */
export function describePostgres(name: string, tests: () => void): void {
  if (postgresUrl() !== undefined) {
    describe(name, tests)
    return
  }
  describe(name, () => {
    const title = 'skipped because PostgreSQL is not installed'
    if (process.env['CI'] === undefined) test.skip(title, () => undefined)
    else
      test(title, () => {
        throw new Error('CI must not skip these tests: install postgresql, or set ' + variable)
      })
  })
}

export interface FreshDatabase {
  url: string
  /** Also ends the sessions that a test left open in it. */
  drop(): Promise<void>
}

/** An empty database of its own for one test or one file of tests. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const server = postgresUrl()
  if (server === undefined) throw new Error('no PostgreSQL here: call this inside describePostgres')
  const name = `tieout_test_${randomUUID().replaceAll('-', '')}`
  await query(server, `create database ${name}`)
  const url = new URL(server)
  url.pathname = name
  return { url: url.href, drop: () => query(server, `drop database if exists ${name} with (force)`) }
}

async function query(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
