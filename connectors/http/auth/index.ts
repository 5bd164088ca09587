import type { HttpClient, HttpRequest, Ports } from '../../../shared/core/ports'
import type { DataRecord } from '../../../shared/core/record/value'
import { text } from '../../../shared/core/settings'
import { withQuery } from '../query'
import type { Authorizer } from './authorizer'
import { bare, basic, withHeader } from './header'
import { hmac } from './hmac'
import { oauth2 } from './oauth2'

/** @param plain sends requests without credentials, for those that fetch a token */
export function authorizerOf(settings: DataRecord, ports: Ports, plain: HttpClient): Authorizer | undefined {
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

function apiKey(settings: DataRecord): Authorizer {
  const name = text(settings, 'name') ?? 'x-api-key'
  const value = keyFor(name, text(settings, 'value') ?? '')
  if (text(settings, 'in') !== 'query') return withHeader(name.toLowerCase(), value)
  return {
    authorize(request) {
      const url = withQuery(new URL(request.url), { [name]: value })
      return Promise.resolve({ ...request, url: url.href })
    },
  }
}

/** In `Authorization` a key has its scheme before it (RFC 9110, 11.4), such as `Token` or `ApiKey`. */
function keyFor(name: string, value: string): string {
  const scheme = name.toLowerCase() === 'authorization' ? (/^[\w-]+ /.exec(value)?.[0] ?? '') : ''
  return scheme + bare(value.slice(scheme.length), 'value')
}
