import type { ErrorCode } from '../../contract/errors'
import { Fault, type Evidence } from '../../core/fault'
import type { HttpOptions } from '../../core/ports'
import { CONNECT_CODES, networkCode, tlsCode } from '../../core/resilience/network-codes'
import { certificateOf, tunnelAnswer } from './diagnosis'
import { ConnectTimeout, isError, type Progress } from './engine'
import { portOf } from './proxy'

interface Attempt {
  method: string
  url: URL
  proxy: URL | undefined
  progress: Progress
  options: HttpOptions
}

const SAFE = ['GET', 'HEAD', 'OPTIONS']

/** What became of an exchange that brought no complete answer. */
export async function exchangeFault(error: unknown, attempt: Attempt): Promise<Fault> {
  const fault = causesOf(error).find((cause) => cause instanceof Fault)
  if (fault !== undefined) return fault
  return (
    (await proxyRefusal(error, attempt)) ?? (await tlsFault(error, attempt)) ?? transportFault(error, attempt)
  )
}

/** The proxy answered in place of the server. */
export function proxyFault(
  status: number,
  headers: Readonly<Record<string, string>>,
  url: URL,
  proxy: URL,
): Fault {
  const offers = headers['proxy-authenticate'] ?? ''
  const reason = headers['x-squid-error']?.split(' ')[0] ?? ''
  const evidence = {
    ...placeOf(url),
    proxy: proxy.host,
    status,
    proxyAuthenticate: offers,
    proxyReason: reason,
  }
  if (status === 407) {
    return offers === '' || /\bbasic\b/i.test(offers)
      ? new Fault('PROXY_AUTH_REQUIRED', `the proxy ${proxy.host} wants a user name and password`, evidence)
      : new Fault('PROXY_AUTH_UNSUPPORTED', `the proxy ${proxy.host} offers only: ${offers}`, evidence)
  }
  const failed = reason === '' ? status >= 500 : !/DENIED|FORBIDDEN/.test(reason)
  return failed
    ? new Fault(
        'PROXY_FAILED',
        `the proxy ${proxy.host} could not reach ${url.host} (${String(status)} ${reason})`,
        evidence,
      )
    : new Fault(
        'PROXY_REFUSED',
        `the proxy ${proxy.host} does not let ${url.host} through (${String(status)})`,
        evidence,
      )
}

/** undici tells a refused tunnel only in a text deep in its causes; asking the proxy once more brings its headers. */
async function proxyRefusal(error: unknown, { url, proxy }: Attempt): Promise<Fault | undefined> {
  if (proxy === undefined) return undefined
  const refused = causesOf(error).some(({ message }) =>
    /^Proxy (response|Authentication Required) \(/.test(message),
  )
  if (!refused) return undefined
  const answer = await tunnelAnswer(proxy, url)
  return isError(answer) ? undefined : proxyFault(answer.status, answer.headers, url, proxy)
}

async function tlsFault(error: unknown, attempt: Attempt): Promise<Fault | undefined> {
  const { url, proxy } = attempt
  for (const cause of causesOf(error)) {
    const errno = codeOf(cause)
    const code = tlsCode(errno)
    if (code === undefined) continue
    const certificate = errno.startsWith('ERR_SSL_') ? undefined : await certificateOf(url, proxy)
    const evidence: Evidence = { ...placeOf(url), errno, ...certificate }
    const issuer =
      certificate === undefined ? '' : `; its certificate was issued by '${certificate.certIssuer}'`
    return new Fault(code, `no secure connection to ${url.host} (${errno})${issuer}`, evidence, undefined, {
      cause: error,
    })
  }
  return undefined
}

function transportFault(error: unknown, { method, url, proxy, progress }: Attempt): Fault {
  const cause = causesOf(error).find((one) => codeOf(one) !== '' && codeOf(one) !== 'ERR_CANCELED')
  const errno = progress.expired === undefined ? codeOf(cause) : 'ETIMEDOUT'
  const evidence: Evidence = {
    ...placeOf(url),
    method,
    errno,
    ...(proxy === undefined ? {} : { proxy: proxy.host }),
  }
  const raise = (code: ErrorCode, what: string) =>
    new Fault(code, `${method} ${url.host}: ${what} (${errno})`, evidence, undefined, { cause: error })

  if (!progress.sent || cause instanceof ConnectTimeout) {
    if (proxy !== undefined && CONNECT_CODES[errno] !== undefined) {
      return raise('PROXY_UNREACHABLE', `the proxy ${proxy.host} does not answer`)
    }
    return raise(CONNECT_CODES[errno] ?? 'CONNECTION_LOST', 'no connection')
  }
  if (errno.startsWith('HPE_')) return raise('ANSWER_NOT_HTTP', 'the answer is not HTTP')
  // The server may have done what it was asked to.
  if (!SAFE.includes(method)) return raise('RESPONSE_LOST', 'the request was sent, no complete answer came')
  if (progress.expired !== undefined) return raise('ANSWER_TIMEOUT', 'no complete answer in time')
  if (errno.startsWith('Z_') || errno.startsWith('ERR_BROTLI'))
    return raise('ANSWER_UNREADABLE', 'the compression is broken')
  return raise('CONNECTION_LOST', 'the connection broke before the answer was complete')
}

function placeOf(url: URL): { host: string; port: number } {
  return { host: url.hostname, port: portOf(url) }
}

/** undici's parser gives no code at all. */
function codeOf(error: unknown): string {
  if (!isError(error)) return ''
  if (error.name === 'HTTPParserError') return 'HPE_INVALID'
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return networkCode(code, error.message)
}

/** The error and what is behind it, innermost first: a wrapper's code says less. */
function causesOf(error: unknown): Error[] {
  const causes: Error[] = []
  for (let at = error; isError(at) && causes.length < 10; at = at.cause) {
    if ('errors' in at && Array.isArray(at.errors)) causes.unshift(...at.errors.filter((one) => isError(one)))
    causes.unshift(at)
  }
  return causes
}
