import { startPostgres } from './postgres-server'

/** The database of TIEOUT_BENCH_POSTGRES, or a throw-away cluster for this bench. */
export async function withPostgres(work: (url: string) => Promise<void>): Promise<void> {
  const given = process.env['TIEOUT_BENCH_POSTGRES']
  if (given !== undefined) {
    await work(given)
    return
  }
  const server = await startPostgres()
  if (!server) throw new Error('PostgreSQL is not installed (Debian: apt-get install postgresql)')
  try {
    await work(server.url)
  } finally {
    await server.stop()
  }
}
