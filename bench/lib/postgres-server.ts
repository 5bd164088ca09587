// A PostgreSQL that lives as long as a bench or one run of jest, made from the binaries that are installed.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { freePort } from './port'

export interface PostgresServer {
  url: string
  stop(): Promise<void>
}

/** Whether a server answers there and lets us in. */
export async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2000 })
  // a server that is shutting down or starting up may break the connection at any moment
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('select 1')
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** Starts a server on a free port with an empty cluster; undefined when PostgreSQL is not installed. */
export async function startPostgres(): Promise<PostgresServer | undefined> {
  const bin = binaries()
  if (bin === undefined) return undefined

  const data = mkdtempSync(join(tmpdir(), 'tieout-postgres-'))
  const user = unprivileged()
  if (user !== undefined) chownSync(data, user.uid, user.gid)
  const run = (program: string, args: string[]): [string, string[]] => {
    const file = join(bin, program)
    return user === undefined ? [file, args] : ['setpriv', [...user.setpriv, file, ...args]]
  }

  execFileSync(
    ...run('initdb', ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync']),
    { stdio: ['ignore', 'ignore', 'inherit'], cwd: data },
  )
  const port = await freePort()
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'fsync=off',
    'max_connections=200',
  ]
  // In the foreground and as our child: Ctrl-C reaches it too, and it is not left behind.
  const server = spawn(
    ...run('postgres', ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])]),
    { stdio: 'ignore', cwd: data },
  )
  const stop = async (): Promise<void> => {
    await end(server)
    rmSync(data, { recursive: true, force: true })
  }

  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  const deadline = Date.now() + 30_000
  while (!(await answers(url))) {
    if (server.exitCode !== null || Date.now() > deadline) {
      await stop()
      throw new Error(`PostgreSQL from ${bin} did not start`)
    }
    await sleep(50)
  }
  return { url, stop }
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  // fast shutdown: sessions that tests left open do not keep it waiting
  server.kill('SIGINT')
  await once(server, 'exit')
}

/** The folder of `postgres` and `initdb`, newest version first where Debian keeps several. */
function binaries(): string | undefined {
  const executable = process.platform === 'win32' ? 'postgres.exe' : 'postgres'
  const debian = globSync('/usr/lib/postgresql/*/bin').sort((a, b) =>
    b.localeCompare(a, 'en', { numeric: true }),
  )
  const onPath = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  return [...debian, ...onPath].find(
    (folder) =>
      existsSync(join(folder, executable)) &&
      existsSync(join(folder, executable.replace('postgres', 'initdb'))),
  )
}

/** PostgreSQL refuses to run as root: then it runs as the user that its package made. */
function unprivileged(): { uid: number; gid: number; setpriv: string[] } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const [uid, gid] = ['-u', '-g'].map((flag) =>
    Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' })),
  )
  if (uid === undefined || gid === undefined) throw new Error('there is no user postgres')
  // pdeathsig: even if jest is killed, the server goes with it
  return { uid, gid, setpriv: [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--pdeathsig=INT'] }
}
