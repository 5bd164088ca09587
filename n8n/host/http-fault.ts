import type { ErrorCode } from '../../shared/contract/errors'
import { Fault } from '../../shared/core/fault'
import type { HttpRequest, HttpResponse } from '../../shared/core/ports'
import { CONNECT_CODES, networkCode, tlsCode } from '../../shared/core/resilience/network-codes'
import { headersOf } from './http-headers'

const SAFE = ['GET', 'HEAD', 'OPTIONS']

/** The answer behind an error that n8n made of a status (401, after it renewed what it could). */
export function refusedStatus(error: unknown): HttpResponse | undefined {
  for (const each of causesOf(error)) {
    const response = 'response' in each ? each.response : undefined
    if (typeof response === 'object' && response !== null && 'status' in response)
      return {
        status: Number(response.status),
        headers: 'headers' in response ? headersOf(response.headers) : {},
        body: 'data' in response && response.data instanceof Uint8Array ? response.data : new Uint8Array(),
      }
  }
  const code = causesOf(error)
    .map((each) => ('httpCode' in each ? Number(each.httpCode) : 0))
    .find((status) => status >= 400)
  return code === undefined ? undefined : { status: code, headers: {}, body: new Uint8Array() }
}

/** Of an answer that does not come from the service: only a proxy says 407 (RFC 9110, section 15.5.8). */
export function proxyFault({ status }: HttpResponse, { method, url }: HttpRequest): Fault | undefined {
  if (status !== 407) return undefined
  const { host } = new URL(url)
  return new Fault(
    'PROXY_AUTH_REQUIRED',
    `${method} ${host}: the proxy that n8n is set to (HTTPS_PROXY, HTTP_PROXY) wants a user and a password`,
    { host, method },
  )
}

/** What became of a request that brought no answer; a fault stays what it is. n8n does not say whether it was sent: only some codes do. */
export function httpFault(error: unknown, { method, url }: HttpRequest): Fault {
  if (error instanceof Fault) return error
  const { host } = new URL(url)
  const errno =
    causesOf(error)
      .map(codeOf)
      .find((code) => code !== '') ?? ''
  // without the code that n8n knows: it would say its own words instead, and no host
  const raise = (code: ErrorCode, what: string): Fault =>
    new Fault(code, `${method} ${host}: ${what}`, { host, method, errno })
  const tls = tlsCode(errno)
  if (tls !== undefined) return raise(tls, `no secure connection (${errno})`)
  const connect = CONNECT_CODES[errno]
  if (connect !== undefined) return raise(connect, 'no connection')
  if (!SAFE.includes(method)) return raise('RESPONSE_LOST', 'the request was sent, no complete answer came')
  if (errno === 'ECONNABORTED') return raise('ANSWER_TIMEOUT', 'no complete answer in time')
  return raise('CONNECTION_LOST', 'the connection broke before the answer was complete')
}

function codeOf(error: object): string {
  const code = 'code' in error ? error.code : undefined
  if (typeof code !== 'string' || !/^[A-Z][A-Z_0-9]+$/.test(code) || code === 'ERR_BAD_REQUEST') return ''
  return networkCode(code, 'message' in error && typeof error.message === 'string' ? error.message : '')
}

/** The error and what is behind it, innermost first: n8n wraps what axios threw. */
function causesOf(error: unknown): object[] {
  const causes: object[] = []
  for (let at = error; typeof at === 'object' && at !== null && causes.length < 10;) {
    causes.unshift(at)
    at = 'cause' in at ? at.cause : 'errorResponse' in at ? at.errorResponse : undefined
  }
  return causes
}
