import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../bench/lib/port'

const SQUID = '/usr/sbin/squid'
const BASIC_AUTH = '/usr/lib/squid/basic_ncsa_auth'

/** Why there is no squid here; undefined where there is one. */
export function squidMissing(): string | undefined {
  if (existsSync(SQUID) && existsSync(BASIC_AUTH)) return undefined
  return 'squid is not installed (Debian: apt-get install squid)'
}

export interface Squid {
  host: string
  /** With user and password. */
  url: string
  /** Lines of its access log that hold this text. */
  log(text: string): string[]
  close(): Promise<void>
}

/**
 * A real squid that wants Basic authentication and lets nobody through to `blocked.example`.
 * @param rules further lines of its configuration
 */
export async function startSquid({ rules = [] }: { rules?: readonly string[] } = {}): Promise<Squid> {
  const folder = mkdtempSync(join(tmpdir(), 'tieout-squid-'))
  const port = await freePort()
  const file = (name: string) => join(folder, name)
  const hash = execFileSync('openssl', ['passwd', '-apr1', 'p@ss:word']).toString().trim()
  writeFileSync(file('users'), `robot:${hash}\n`)
  writeFileSync(
    file('squid.conf'),
    [
      `http_port 127.0.0.1:${port}`,
      `auth_param basic program ${BASIC_AUTH} ${file('users')}`,
      'acl known proxy_auth REQUIRED',
      'acl blocked dstdomain blocked.example',
      'http_access deny blocked',
      'http_access allow known',
      'http_access deny all',
      `access_log stdio:${file('access.log')}`,
      `cache_log ${file('cache.log')}`,
      `pid_filename ${file('pid')}`,
      `coredump_dir ${folder}`,
      'cache deny all',
      'shutdown_lifetime 0 seconds',
      'visible_hostname proxy.example',
      ...rules,
    ].join('\n'),
  )
  // Started by root, it goes on as another user.
  chmodSync(folder, 0o777)
  // Its shared memory is named after the service: several may run at once.
  const squid = spawn(SQUID, ['-N', '-n', `tieout${port}`, '-f', file('squid.conf')], { stdio: 'ignore' })
  await listening(port, squid)
  const host = `127.0.0.1:${port}`
  return {
    host,
    url: `http://robot:${encodeURIComponent('p@ss:word')}@${host}`,
    log: (text) =>
      readFileSync(file('access.log'), 'utf8')
        .split('\n')
        .filter((line) => line.includes(text)),
    async close() {
      const ended = new Promise((resolve) => squid.once('exit', resolve))
      squid.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function listening(port: number, squid: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (squid.exitCode !== null) throw new Error(`squid ended with ${squid.exitCode}`)
    if (await accepts(port)) return
    await sleep(25)
  }
  throw new Error('squid does not listen')
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => {
      resolve(false)
    })
  })
}
