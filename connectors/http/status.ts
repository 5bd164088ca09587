import type { ErrorCode } from '../../shared/contract/errors'
import { Fault, type Evidence } from '../../shared/core/fault'
import type { HttpResponse } from '../../shared/core/ports'
import { retryAfterOf } from '../../shared/core/resilience/rate-headers'
import { shortened } from '../../shared/core/words'
import { excerpt } from './body'

/** Where a request went, for messages: method, host and the declared path (never filled in: keys may be personal). */
export interface Place {
  method: string
  host: string
  path: string
}

export function nameOf({ method, host, path }: Place): string {
  return `${method} ${host}${path}`
}

/** What an answer means that is not a success; undefined for 2xx with data. `now` in milliseconds. */
export function refusal(
  response: HttpResponse,
  place: Place,
  use: 'read' | 'write',
  now: number,
): Fault | undefined {
  const { status } = response
  const web = webPage(response)
  if (status >= 200 && status < 300 && web === undefined) return undefined
  const evidence: Evidence = { ...place, ...factsOf(response), ...web?.evidence }
  const said = `${nameOf(place)} answered ${status}`
  const fault = (code: ErrorCode, what: string) =>
    new Fault(code, `${said}: ${what}`, evidence, retryAfterOf(response.headers, now))

  if (status === 429) return fault('RATE_LIMITED', 'too many calls')
  if (status === 408 || status === 423 || status === 425) return fault('UPSTREAM_ERROR', 'try again later')
  if (status >= 500 && status !== 501)
    return fault('UPSTREAM_ERROR', (web === undefined ? excerpt(response) : '') || 'the service failed')
  if (web !== undefined && status !== 401 && status !== 413) return fault(web.code, web.what)
  if (status >= 300 && status < 400) return redirected(response, fault)
  if (status === 401) return unauthorized(response, fault)
  if (status === 403) return forbidden(response, fault)
  if ([404, 405, 410, 501].includes(status)) return fault('PATH_UNKNOWN', 'path or method is not known there')
  if (status === 413)
    return fault(use === 'write' ? 'BATCH_TOO_LARGE' : 'REQUEST_REFUSED', 'the request is too large')
  if (status === 414 || status === 431) return fault('REQUEST_TOO_LONG', 'address or headers are too long')
  if (use === 'write' && [400, 409, 412, 422].includes(status))
    return fault('BATCH_REFUSED', excerpt(response))
  return fault('REQUEST_REFUSED', excerpt(response))
}

type Raise = (code: ErrorCode, what: string) => Fault

function redirected(response: HttpResponse, fault: Raise): Fault {
  const location = (response.headers['location'] ?? '').split('?')[0] ?? ''
  if (/login|signin|sso|saml|oauth|auth\b/i.test(location))
    return fault('LOGIN_PAGE', `sent on to ${location}`)
  return fault('REDIRECTED', `sent on to ${location}`)
}

function unauthorized(response: HttpResponse, fault: Raise): Fault {
  const challenge = response.headers['www-authenticate'] ?? ''
  if (/invalid_token/.test(challenge)) return fault('TOKEN_REFUSED', challenge)
  return fault(
    'UNAUTHORIZED',
    challenge === '' ? 'credentials refused' : `credentials refused (${challenge})`,
  )
}

function forbidden(response: HttpResponse, fault: Raise): Fault {
  const challenge = response.headers['www-authenticate'] ?? ''
  if (/insufficient_scope/.test(challenge)) return fault('SCOPE_MISSING', challenge)
  return fault('FORBIDDEN', excerpt(response) || 'not allowed')
}

function factsOf(response: HttpResponse): Record<string, string | number> {
  const facts: Record<string, string | number> = { status: response.status }
  for (const name of ['server', 'via', 'allow', 'location', 'www-authenticate', 'x-request-id', 'cf-ray']) {
    const value = response.headers[name]
    if (value !== undefined) facts[name] = name === 'location' ? (value.split('?')[0] ?? '') : value
  }
  const answer = excerpt(response)
  if (answer !== '') facts['answer'] = answer
  return facts
}

/** Devices that answer instead of the API, by what they leave in the page or its headers. */
const PRODUCTS: readonly (readonly [name: string, sign: RegExp])[] = [
  ['Zscaler', /zscaler/i],
  ['Blue Coat', /blue ?coat|symantec/i],
  ['Forcepoint', /forcepoint|websense/i],
  ['Squid', /squid/i],
  ['F5', /support id/i],
  ['Cloudflare', /cloudflare/i],
  ['Fortinet', /forti(net|guard|gate)/i],
  ['Palo Alto Networks', /palo ?alto/i],
]

interface WebPage {
  code: ErrorCode
  what: string
  evidence: Record<string, string>
}

/** Whether its first sign in ASCII is `<`, after spaces and a byte order mark: most answers need no further look. */
function beginsWithMarkup(body: Uint8Array): boolean {
  return body.find((byte) => byte > 0x20 && byte < 0x80) === 0x3c
}

/** A page for people where data was expected: who answered, and why. */
function webPage(response: HttpResponse): WebPage | undefined {
  const type = response.headers['content-type'] ?? ''
  const declared = /\btext\/html\b/i.test(type)
  if (!declared && !beginsWithMarkup(response.body)) return undefined
  const start = new TextDecoder().decode(response.body.subarray(0, 16_384))
  const isHtml = declared ? start.trim() !== '' : /^\s*<(!doctype html|html)/i.test(start)
  if (!isHtml) return undefined
  const title = shortened((/<title[^>]*>([^<]*)/i.exec(start)?.[1] ?? '').trim(), 120)
  const signs = start + Object.keys(response.headers).join(' ') + (response.headers['server'] ?? '')
  const product = PRODUCTS.find(([, sign]) => sign.test(signs))?.[0] ?? ''
  const evidence = { contentType: type, title, product }
  if (/type=["']?password/i.test(start))
    return { code: 'LOGIN_PAGE', what: `a login page ('${title}')`, evidence }
  const by = product === '' ? '' : ` by ${product}`
  if (response.status === 403)
    return { code: 'FORBIDDEN', what: `a page${by} refuses the call ('${title}')`, evidence }
  return { code: 'HTML_ANSWER', what: `a web page${by} ('${title}')`, evidence }
}
