import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { createSecureContext } from 'node:tls'
import { Networks } from '../../gateway/access/networks'
import { hasCode } from '../../shared/adapters/definition/system-error'
import { Fault } from '../../shared/core/fault'

export interface ServeOptions {
  port: number
  host: string
  url?: string
  tlsCert?: string
  tlsKey?: string
  trust?: string[]
  forwarded?: boolean
  keyInQuery?: boolean
  allowHost?: string[]
}

const MOST_PORT = 65_535

/** What can be seen to be wrong before anything is opened. @throws Fault COMMAND_INVALID */
export function assertServable({ port, url, trust = [], allowHost = [] }: ServeOptions): void {
  if (port > MOST_PORT) throw wrong(`There is no port ${String(port)}: the last is ${String(MOST_PORT)}.`)
  if (url !== undefined && !isBase(url))
    throw wrong(`--url ${url} is no address such as https://api.example.com.`)
  const host = allowHost.find((one) => !/^[^\s/:]+:\d{1,5}$|^\[[0-9a-f:.]+\]:\d{1,5}$/i.test(one))
  if (host !== undefined) throw wrong(`--allow-host ${host} is no name and port such as hooks.internal:443.`)
  try {
    new Networks(trust)
  } catch (error) {
    if (error instanceof RangeError) throw wrong(`--trust: ${error.message}.`)
    throw error
  }
}

function isBase(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined
  return url !== undefined && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === ''
}

/** @throws Fault COMMAND_INVALID */
export async function tlsOf(
  { tlsCert, tlsKey }: ServeOptions,
  cwd: string,
): Promise<{ cert: string; key: string } | undefined> {
  if (tlsCert === undefined && tlsKey === undefined) return undefined
  if (tlsCert === undefined || tlsKey === undefined) throw wrong('--tls-cert and --tls-key belong together.')
  const tls = { cert: await textAt(tlsCert, cwd), key: await textAt(tlsKey, cwd) }
  try {
    createSecureContext(tls)
    return tls
  } catch (error) {
    const what = `${tlsCert} and ${tlsKey} are no certificate and its key in PEM without a passphrase`
    throw wrong(`${what}: ${String(error)}.`, error)
  }
}

async function textAt(path: string, cwd: string): Promise<string> {
  try {
    return await readFile(resolve(cwd, path), 'utf8')
  } catch (error) {
    const why = hasCode(error, 'ENOENT')
      ? `there is no such file in ${cwd}`
      : 'it is no file that can be read'
    throw wrong(`${path} cannot be read: ${why}.`, error)
  }
}

/** @throws Fault COMMAND_INVALID where the address is taken or none of this machine; else what was thrown */
export function notListening(error: unknown, { port, host }: ServeOptions): never {
  const isCoded = typeof error === 'object' && error !== null && 'code' in error
  const code = isCoded ? String(error.code) : ''
  if (!/^E[A-Z]+$/.test(code)) throw error
  throw wrong(
    `${host}:${String(port)} cannot be listened on: ${code}. Choose another with --port and --host.`,
    error,
  )
}

function wrong(detail: string, cause?: unknown): Fault {
  return new Fault('COMMAND_INVALID', detail, {}, undefined, { cause })
}
