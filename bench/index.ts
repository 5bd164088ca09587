import { exceptions } from './exceptions'
import { gateway } from './gateway'
import { gatewayLoad } from './gateway-load'
import { n8nReconcile } from './n8n-reconcile'
import { n8nSync } from './n8n-sync'
import { reconcile } from './reconcile'
import { reconcilePostgres } from './reconcile-postgres'
import { syncCsvPostgres } from './sync-csv-postgres'
import { syncHttpHttp } from './sync-http-http'
import { syncMemory } from './sync-memory'

/** `npm run bench -- NAME [ROWS] [ROUNDS]`: one JSON line per comparison on stdout, what happens on stderr. */
const benches: Readonly<Record<string, (rows?: number, rounds?: number) => Promise<void>>> = {
  exceptions,
  gateway,
  'gateway-load': gatewayLoad,
  n8n: n8nAll,
  'n8n-reconcile': n8nReconcile,
  'n8n-sync': n8nSync,
  reconcile,
  'reconcile-postgres': reconcilePostgres,
  'sync-csv-postgres': syncCsvPostgres,
  'sync-http-http': syncHttpHttp,
  'sync-memory': syncMemory,
}

async function n8nAll(): Promise<void> {
  await n8nReconcile()
  await n8nSync()
}

async function main(): Promise<void> {
  const [name = '', rows, rounds] = process.argv.slice(2)
  const bench = benches[name]
  if (!bench) {
    console.error(`npm run bench -- NAME [ROWS] [ROUNDS]; NAME is one of ${Object.keys(benches).join(', ')}`)
    process.exitCode = 2
    return
  }
  await bench(
    rows === undefined ? undefined : Number(rows),
    rounds === undefined ? undefined : Number(rounds),
  )
}

void main()
