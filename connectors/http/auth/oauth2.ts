import { Fault, type Evidence } from '../../../shared/core/fault'
import type { HttpClient, HttpResponse, Ports } from '../../../shared/core/ports'
import { isObject, textOf, type DataRecord } from '../../../shared/core/record/value'
import { maybeJson } from '../body'
import { pemOf } from '../files'
import { text } from '../../../shared/core/settings'
import { shortened } from '../../../shared/core/words'
import { refusal } from '../status'
import type { Authorizer } from './authorizer'
import { basic } from './header'

/** A token is renewed this long before it ends, at most after nine tenths of its life. */
const EARLY_MS = 60_000
const ASSERTION_SECONDS = 120

interface Token {
  value: string
  /** In `clock.elapsed()`. */
  until: number
}

/** OAuth 2.0 client credentials (RFC 6749, 4.4) with a secret or a signed assertion (RFC 7523). */
export function oauth2(settings: DataRecord, ports: Ports, client: HttpClient): Authorizer {
  const { clock } = ports
  let token: Promise<Token> | undefined

  /** All calls share one token, and one request for it. */
  async function current(): Promise<Token> {
    const held = await token
    if (held !== undefined && clock.elapsed() < held.until) return held
    const fresh = fetchToken(settings, ports, client)
    token = fresh
    fresh.catch(() => {
      token = undefined
    })
    return await fresh
  }

  return {
    async authorize(request) {
      const { value } = await current()
      return { ...request, headers: { ...request.headers, authorization: `Bearer ${value}` } }
    },
    renew() {
      token = undefined
    },
  }
}

async function fetchToken(settings: DataRecord, ports: Ports, client: HttpClient): Promise<Token> {
  const url = text(settings, 'tokenUrl') ?? ''
  const { form, headers } = await requestOf(settings, ports, url)
  const asked = ports.clock.elapsed()
  const response = await client.send({
    method: 'POST',
    url,
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: form.toString(),
    // A token too many does no harm.
    repeatable: true,
  })
  const body = maybeJson(response)
  const answer = isObject(body) ? body : {}
  const value = textOf(answer['access_token'])
  if (response.status >= 300 || value === '') throw refused(response, answer, url, ports.clock.now())
  const seconds = Number(textOf(answer['expires_in'])) || 3600
  return { value, until: asked + Math.max(seconds * 900, seconds * 1000 - EARLY_MS) }
}

async function requestOf(settings: DataRecord, { signer, clock, files }: Ports, url: string) {
  const form = new URLSearchParams({ grant_type: 'client_credentials' })
  const headers: Record<string, string> = {}
  const clientId = text(settings, 'clientId') ?? ''
  const secret = text(settings, 'clientSecret') ?? ''
  for (const name of ['scope', 'audience', 'resource']) {
    const value = text(settings, name)
    if (value !== undefined) form.set(name, value)
  }
  switch (text(settings, 'method')) {
    case 'clientSecretPost':
      form.set('client_id', clientId)
      form.set('client_secret', secret)
      break
    case 'privateKeyJwt': {
      const now = Math.floor(clock.now() / 1000)
      const audience = text(settings, 'assertionAudience') ?? url
      const claims = {
        iss: clientId,
        sub: clientId,
        aud: audience,
        jti: signer.id(),
        iat: now,
        exp: now + ASSERTION_SECONDS,
      }
      const keyId = text(settings, 'keyId')
      const key = {
        pem: await pemOf(files, text(settings, 'key') ?? ''),
        algorithm: text(settings, 'algorithm') ?? 'RS256',
      }
      form.set('client_id', clientId)
      form.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
      form.set('client_assertion', await signer.jwt(claims, keyId === undefined ? key : { ...key, keyId }))
      break
    }
    case 'clientSecretBasic':
    case undefined:
    default:
      // RFC 6749, 2.3.1: each part is form-encoded first.
      headers['authorization'] = basic(formEncoded(clientId), formEncoded(secret))
  }
  return { form, headers }
}

function formEncoded(value: string): string {
  return new URLSearchParams([['', value]]).toString().slice(1)
}

function refused(response: HttpResponse, answer: DataRecord, url: string, now: number): Fault {
  const { host, pathname } = new URL(url)
  const fault = refusal(response, { method: 'POST', host, path: pathname }, 'read', now)
  if (fault !== undefined && fault.then === 'wait') return fault
  const error = textOf(answer['error'])
  const description = shortened(textOf(answer['error_description']), 300)
  const evidence: Evidence = { host, status: response.status, error, description }
  const words = [`the token service ${host}${pathname} answered ${response.status}`, error]
    .join(' ')
    .trimEnd()
  const said = description === '' ? words : `${words} (${description})`
  if (error === 'invalid_client' || response.status === 401)
    return new Fault('OAUTH_CLIENT_REFUSED', said, evidence)
  if (error !== '') return new Fault('OAUTH_REQUEST_REFUSED', said, evidence)
  // what these advise is about the paths of the streams
  const elsewhere = fault !== undefined && !['PATH_UNKNOWN', 'REQUEST_REFUSED'].includes(fault.code)
  return elsewhere ? fault : new Fault('TOKEN_ANSWER_INVALID', `${said} without an access_token`, evidence)
}
