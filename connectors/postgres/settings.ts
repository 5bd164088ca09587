import type { PoolConfig } from 'pg'
import type { ConnectionContext } from '../../shared/core/connector'
import { Fault } from '../../shared/core/fault'
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

/** @throws Fault DEFINITION_INVALID where the URL is none */
export async function readSettings({ name, settings, ports }: ConnectionContext): Promise<Settings> {
  const url = partsOf(text(settings, 'url') ?? 'postgres://', name)
  const host = text(settings, 'host') ?? (url.host || 'localhost')
  const port = number(settings, 'port') ?? (url.port === '' ? 5432 : Number(url.port))
  const user = text(settings, 'user') ?? (url.user || undefined)
  const password = text(settings, 'password') ?? (url.password || undefined)
  const database = text(settings, 'database') ?? (url.database || user)
  const ssl = section(settings, 'ssl') ?? {}
  const mode = text(ssl, 'mode') ?? url.sslmode ?? (isLocal(host) ? 'disable' : 'verify-full')
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

/** A password as it was made is often no part of a URL; none of it may be shown. */
function partsOf(url: string, connection: string) {
  try {
    const { protocol, hostname, port, username, password, pathname, searchParams } = new URL(url)
    if (!/^postgres(?:ql)?:$/.test(protocol) || !url.includes('://')) throw new TypeError('another scheme')
    return {
      host: decodeURIComponent(hostname),
      port,
      user: decodeURIComponent(username),
      password: decodeURIComponent(password),
      database: decodeURIComponent(pathname.slice(1)),
      sslmode: searchParams.get('sslmode'),
    }
  } catch {
    throw new Fault(
      'DEFINITION_INVALID',
      `connections.${connection}.url is not of the form postgres://user:password@host:5432/database. In a password write ` +
        '% as %25, # as %23, / as %2F, : as %3A, ? as %3F, @ as %40 and a space as %20, or give it in the setting password.',
      { connection },
    )
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
