import type { X509Certificate } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { TLSSocket } from 'node:tls'
import type { FastifyRequest } from 'fastify'
import { Fault } from '../../shared/core/fault'
import type { Transport } from '../call'
import { newRequestId } from '../request-id'
import { inContractCase } from '../routes'

/** What arrived, as the rest of the gateway reads it. */

const MAX_HEADER_BYTES = 32 * 1024
const MAX_PATH = 16 * 1024
/** Of one part of a path. */
export const MAX_PARAMETER = 1024
/** For the rest of a body that nobody wants, so that a client that sends first and reads then gets its answer. */
const LINGER_MS = 30_000

const ids = new WeakMap<FastifyRequest, string>()

export function idOf(request: FastifyRequest): string {
  let id = ids.get(request)
  if (id === undefined) ids.set(request, (id = newRequestId()))
  return id
}

/** For middleware and proxies that let only GET and POST pass. */
const OVERRIDDEN = new Set(['GET', 'PUT', 'PATCH', 'DELETE'])

/** The absolute form (RFC 9112, 3.2.2) is that of a client which takes this for its proxy. */
export function pathAndMethodOf(request: IncomingMessage): string {
  const override = request.headers['x-http-method-override']
  const named = typeof override === 'string' ? override.trim().toUpperCase() : ''
  if (request.method === 'POST' && OVERRIDDEN.has(named)) request.method = named
  const address = (request.url ?? '/').replace(/^https?:\/\/[^/?#]*/i, '').replace(/^(?!\/)/, '/')
  const query = address.search(/[?#]|$/)
  return inContractCase(address.slice(0, query)) + address.slice(query)
}

export function unacceptable({ url, raw }: FastifyRequest): Fault | undefined {
  const hosts = raw.rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host').length
  // RFC 9112, 3.2
  if (hosts > 1 || (hosts === 0 && raw.httpVersion === '1.1'))
    return new Fault('REQUEST_MALFORMED', `The request has ${hosts > 1 ? 'several' : 'no'} headers Host.`, {
      hosts,
    })
  if (url.length > MAX_PATH)
    return new Fault(
      'ADDRESS_TOO_LONG',
      `The address has ${String(url.length)} characters; at most ${String(MAX_PATH)} are taken.`,
      { length: url.length, most: MAX_PATH },
    )
  const bytes = raw.rawHeaders.reduce((sum, text) => sum + text.length + 2, 0)
  if (bytes <= MAX_HEADER_BYTES) return undefined
  return new Fault(
    'HEADERS_TOO_LARGE',
    `The headers have ${String(bytes)} bytes; at most ${String(MAX_HEADER_BYTES)} are taken.`,
    { bytes, most: MAX_HEADER_BYTES },
  )
}

/** Reads what is left of a body on the way, for a while: a connection that is cut may take the answer with it. */
export function drain(request: IncomingMessage): void {
  if (request.complete) return
  request.resume()
  const timer = setTimeout(() => request.destroy(), LINGER_MS).unref()
  request.once('close', () => {
    clearTimeout(timer)
  })
}

export function pathOf(request: FastifyRequest): string {
  return request.url.split('?')[0] ?? '/'
}

export function queryOf(request: FastifyRequest): URLSearchParams {
  return new URLSearchParams(request.url.split('?').slice(1).join('?'))
}

export function paramsOf(request: FastifyRequest): Record<string, string> {
  const params: Record<string, string> = {}
  const given: unknown = request.params
  if (typeof given !== 'object' || given === null) return params
  for (const [name, value] of Object.entries(given)) if (typeof value === 'string') params[name] = value
  return params
}

export function headersOf(request: FastifyRequest): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value
  }
  return headers
}

export function certificateOf({ socket }: FastifyRequest): X509Certificate | undefined {
  return socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined
}

export function transportOf({ method, raw, socket }: FastifyRequest): Transport {
  const { httpVersion } = raw
  if (!(socket instanceof TLSSocket)) return { method, httpVersion }
  const tls = { version: socket.getProtocol() ?? '', cipher: socket.getCipher().name }
  const { subject, fingerprint256 } = socket.getPeerCertificate()
  // the types promise a certificate, and an empty object comes where there is none
  if (typeof fingerprint256 !== 'string') return { method, httpVersion, tls }
  const name = Object.entries(subject).map(([part, value]) => `${part}=${[value].join('+')}`)
  return { method, httpVersion, tls: { ...tls, certificate: { subject: name.join(', '), fingerprint256 } } }
}
