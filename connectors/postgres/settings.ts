import type { PoolConfig } from 'pg'
import type { ConnectionContext } from '../../shared/core/connector'
import type { DataRecord } from '../../shared/core/record/value'
import { number, section } from '../../shared/core/settings'

export interface Settings {
  pool: PoolConfig
  schema: string | undefined
  statementTimeoutMs: number
  /** For messages: host, port and database. */
  place: string
}

const TEN_MINUTES = 600_000

export async function readSettings({ settings, ports }: ConnectionContext): Promise<Settings> {
  const url = new URL(text(settings, 'url') ?? 'postgres://')
  const host = text(settings, 'host') ?? (decodeURIComponent(url.hostname) || 'localhost')
  const port = number(settings, 'port') ?? (url.port === '' ? 5432 : Number(url.port))
  const user = text(settings, 'user') ?? (decodeURIComponent(url.username) || undefined)
  const password = text(settings, 'password') ?? (decodeURIComponent(url.password) || undefined)
  const database = text(settings, 'database') ?? (decodeURIComponent(url.pathname.slice(1)) || user)
  const ssl = section(settings, 'ssl') ?? {}
  const mode =
    text(ssl, 'mode') ?? url.searchParams.get('sslmode') ?? (isLocal(host) ? 'disable' : 'verify-full')
  const pem = async (name: string): Promise<string | undefined> => {
    const given = text(ssl, name)
    return given === undefined || given.includes('-----BEGIN') ? given : ports.files.text(given)
  }
  return {
    pool: {
      host,
      port,
      ...defined({ user, password, database }),
      application_name: text(settings, 'applicationName') ?? 'tieout',
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      ssl: mode === 'disable' ? false : tls(mode, await pem('ca'), await pem('cert'), await pem('key')),
    },
    schema: text(settings, 'schema'),
    statementTimeoutMs: number(settings, 'statementTimeout') ?? TEN_MINUTES,
    place: `${host}:${port}/${database ?? ''}`,
  }
}

/** The words of libpq's sslmode. */
function tls(mode: string, ca?: string, cert?: string, key?: string): Exclude<PoolConfig['ssl'], boolean> {
  return {
    ...defined({ ca, cert, key }),
    rejectUnauthorized: mode !== 'require',
    ...(mode === 'verify-ca' ? { checkServerIdentity: () => undefined } : {}),
  }
}

function isLocal(host: string): boolean {
  return (
    host === 'localhost' || host === '127.0.0.1' || host === '[::1]' || host === '::1' || host.startsWith('/')
  )
}

/** An empty one, as an unset variable gives, is none. */
export function text(settings: DataRecord, name: string): string | undefined {
  const value = settings[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

function defined<T extends string>(values: Record<T, string | undefined>): Partial<Record<T, string>> {
  const given: Partial<Record<T, string>> = {}
  for (const name in values) if (values[name] !== undefined) given[name] = values[name]
  return given
}
