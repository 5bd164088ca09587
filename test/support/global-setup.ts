// Runs once before all tests: finds a PostgreSQL or starts one.
import { announcePostgres, postgresUrl } from './postgres'
import { answers, startPostgres, type PostgresServer } from '../../bench/lib/postgres-server'

/** What teardown has to stop. Jest loads both files in one process, but as two modules. */
declare global {
  var startedPostgres: PostgresServer | undefined
}

/** Where a default installation or a service container of a CI system listens. */
const usual = 'postgres://postgres:postgres@127.0.0.1:5432/postgres'

export default async function setup(): Promise<void> {
  if (postgresUrl() !== undefined) return
  if (await answers(usual)) {
    announcePostgres(usual)
    return
  }
  globalThis.startedPostgres = await startPostgres()
  if (globalThis.startedPostgres !== undefined) announcePostgres(globalThis.startedPostgres.url)
  else console.warn('\nPostgreSQL is not installed: its tests are skipped')
}
