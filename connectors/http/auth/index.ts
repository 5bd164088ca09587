import { Fault } from '../../../shared/core/fault'
import type { HttpClient, HttpRequest, Ports } from '../../../shared/core/ports'
import { text, type Settings } from '../settings'
import { hmac } from './hmac'
import { oauth2 } from './oauth2'

/** Puts the credentials of a connection on its requests. */
export interface Authorizer {
  authorize(request: HttpRequest): Promise<HttpRequest>
  /** Forgets what a 401 has shown to be refused. Absent where another try would be the same. */
  renew?(): void
}

/** @param plain sends requests without credentials, for those that fetch a token */
export function authorizerOf(settings: Settings, ports: Ports, plain: HttpClient): Authorizer | undefined {
  switch (text(settings, 'type')) {
    case 'basic':
      return withHeader(
        'authorization',
        basic(text(settings, 'username') ?? '', text(settings, 'password') ?? ''),
      )
    case 'bearer':
      return withHeader('authorization', `Bearer ${bare(text(settings, 'token') ?? '', 'token')}`)
    case 'apiKey':
      return apiKey(settings)
    case 'hmac':
      return hmac(settings, ports)
    case 'oauth2':
      return oauth2(settings, ports, plain)
    // The client certificate is shown by the connection itself.
    case 'clientCertificate':
    case undefined:
    default:
      return undefined
  }
}

/** An HttpClient that sends with credentials. What was refused with 401 is sent once more with renewed ones. */
export function authorized(client: HttpClient, authorizer: Authorizer): HttpClient {
  async function once<A extends { status: number }>(
    request: HttpRequest,
    exchange: (request: HttpRequest) => Promise<A>,
  ): Promise<A> {
    const answer = await exchange(await authorizer.authorize(request))
    if (answer.status !== 401 || authorizer.renew === undefined) return answer
    authorizer.renew()
    return await exchange(await authorizer.authorize(request))
  }
  return {
    ...client,
    send: (request) => once(request, (signed) => client.send(signed)),
    stream: (request) => once(request, (signed) => client.stream(signed)),
  }
}

/** RFC 7617, in UTF-8. */
export function basic(username: string, password: string): string {
  if (username.includes(':')) throw malformed('username', 'it contains a colon')
  const bytes = new TextEncoder().encode(`${username}:${password}`)
  return 'Basic ' + btoa(String.fromCharCode(...bytes))
}

function withHeader(name: string, value: string): Authorizer {
  return {
    authorize: (request) => Promise.resolve({ ...request, headers: { ...request.headers, [name]: value } }),
  }
}

function apiKey(settings: Settings): Authorizer {
  const name = text(settings, 'name') ?? 'x-api-key'
  const value = bare(text(settings, 'value') ?? '', 'value')
  if (text(settings, 'in') !== 'query') return withHeader(name.toLowerCase(), value)
  return {
    authorize(request) {
      const url = new URL(request.url)
      url.searchParams.set(name, value)
      return Promise.resolve({ ...request, url: url.href })
    },
  }
}

/** What people paste along with a secret. */
function bare(secret: string, name: string): string {
  if (/^bearer\s/i.test(secret))
    throw malformed(name, "it begins with the word 'Bearer', which is added by itself")
  if (/^["'].*["']$/.test(secret)) throw malformed(name, 'it is in quotes')
  if (/\s/.test(secret)) throw malformed(name, 'it contains a space or line break')
  return secret
}

function malformed(name: string, why: string): Fault {
  return new Fault('CREDENTIAL_MALFORMED', `auth.${name} cannot be right: ${why}`, { name, why })
}
