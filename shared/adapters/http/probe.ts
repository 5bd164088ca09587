import dns from 'node:dns/promises'
import net from 'node:net'
import tls from 'node:tls'
import { Fault } from '../../core/fault'
import type { HttpOptions, ProbeStep } from '../../core/ports'
import { factsOf, tunnelAnswer } from './diagnosis'
import { isError } from './engine'
import { exchangeFault, proxyFault } from './fault'
import { portOf, proxyFor } from './proxy'
import { secureContext } from './tls'

const DAY_MS = 86_400_000

/** Climbs from the name to the certificate; the first failed rung ends it. */
export async function* probe(url: URL, options: HttpOptions): AsyncGenerator<ProbeStep> {
  const proxy = proxyFor(url, options)
  const first = proxy ?? url
  const failed = async (name: ProbeStep['name'], error: unknown): Promise<ProbeStep> => {
    const attempt = { method: 'GET', url, proxy, progress: { sent: false }, options }
    const fault = await exchangeFault(error, attempt)
    return { name, detail: fault.detail, fault }
  }

  try {
    const { address } = await dns.lookup(first.hostname.replace(/^\[|\]$/g, ''))
    yield { name: 'name lookup', detail: `${first.hostname} is ${address}` }
  } catch (error) {
    yield await failed('name lookup', error)
    return
  }

  const connected = await connect(first, options.connectTimeoutMs ?? 10_000)
  if (connected !== undefined) {
    yield await failed('connection', connected)
    return
  }
  yield { name: 'connection', detail: `${first.host} accepts connections` }

  if (proxy !== undefined && url.protocol === 'https:') {
    const answer = await tunnelAnswer(proxy, url)
    if (isError(answer)) {
      yield await failed('proxy', answer)
      return
    }
    answer.socket.destroy()
    if (answer.status !== 200) {
      const fault = proxyFault(answer.status, answer.headers, url, proxy)
      yield { name: 'proxy', detail: fault.detail, fault }
      return
    }
    yield { name: 'proxy', detail: `${proxy.host} opens a tunnel to ${url.host}` }
  }

  if (url.protocol === 'https:') {
    try {
      yield { name: 'certificate', detail: await verifiedCertificate(url, proxy, options) }
    } catch (error) {
      yield await failed('certificate', error)
    }
  }
}

function connect(url: URL, timeout: number): Promise<Error | undefined> {
  return new Promise((resolve) => {
    const socket = net.connect({ host: url.hostname.replace(/^\[|\]$/g, ''), port: portOf(url), timeout })
    const finish = (error?: Error) => {
      socket.destroy()
      resolve(error)
    }
    socket.once('connect', () => {
      finish()
    })
    socket.once('timeout', () => {
      finish(Object.assign(new Error('no connection in time'), { code: 'ETIMEDOUT' }))
    })
    socket.once('error', finish)
  })
}

async function verifiedCertificate(url: URL, proxy: URL | undefined, options: HttpOptions): Promise<string> {
  const tunnel = proxy === undefined ? undefined : await tunnelAnswer(proxy, url)
  if (isError(tunnel)) throw tunnel
  const serverName = options.tls?.serverName ?? url.hostname
  const facts = await new Promise<ReturnType<typeof factsOf>>((resolve, reject) => {
    const socket = tls.connect({
      ...(tunnel === undefined ? { port: portOf(url) } : { socket: tunnel.socket }),
      host: url.hostname,
      ...(net.isIP(serverName) === 0 ? { servername: serverName } : {}),
      secureContext: secureContext(options.tls),
      timeout: options.connectTimeoutMs ?? 10_000,
    })
    socket.once('secureConnect', () => {
      resolve(factsOf(socket.getPeerCertificate()))
      socket.destroy()
    })
    socket.once('timeout', () =>
      socket.destroy(Object.assign(new Error('no handshake in time'), { code: 'ETIMEDOUT' })),
    )
    socket.once('error', reject)
  })
  if (facts === undefined)
    throw new Fault('TLS_FAILED', `${url.host} shows no certificate`, { host: url.hostname })
  const { certIssuer, certExpires } = facts
  const days = Math.floor((Date.parse(certExpires) - Date.now()) / DAY_MS)
  return `issued by '${certIssuer}', valid until ${certExpires.slice(0, 10)}, ${String(days)} days left`
}
