import type { X509Certificate } from 'node:crypto'
import { statusOf } from '../../shared/contract/errors/answer'
import { SCOPES, type Scope } from '../../shared/contract/operations/operation'
import { Fault } from '../../shared/core/fault'
import type { AccessAudit } from '../audit/access-audit'
import { assertFrom, assertUsable } from './admit'
import { issuerOf, proveAssertion } from './assertion'
import type { Credential } from './client'
import type { ClientStore } from './client-store'
import type { Lockout } from './lockout'
import { OAuthFault } from './oauth-fault'
import { LIFETIME_SECONDS, type OwnTokens } from './own-tokens'
import { proveCertificate } from './prove-certificate'
import type { Secrets } from './prove-secret'

export interface TokenRequest {
  form: URLSearchParams
  authorization: string | undefined
  certificate: X509Certificate | undefined
  address: string
  /** What an assertion has to be meant for. */
  audiences: readonly string[]
  /** Id of the request. */
  request: string
}

export interface TokenParts {
  clients: ClientStore
  secrets: Secrets
  own: OwnTokens
  lockout: Lockout
  audit: AccessAudit
  now: () => number
}

const ATTEMPT = { operation: 'createToken', path: '/oauth/token' }
const ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** Client credentials of OAuth 2.0 (RFC 6749, section 4.4). */
export class TokenEndpoint {
  constructor(private readonly parts: TokenParts) {}

  /** @throws OAuthFault; Fault CREDENTIALS_LOCKED, KEY_REVOKED, KEY_EXPIRED, ADDRESS_NOT_ALLOWED */
  async answer(request: TokenRequest): Promise<object> {
    const attempt = { ...ATTEMPT, address: request.address, request: request.request }
    const { audit } = this.parts
    try {
      const { credential, token } = await this.issued(request)
      audit.tokenIssued(attempt, credential)
      return token
    } catch (error) {
      audit.refused(attempt, subjectOf(request), error)
      throw error
    }
  }

  private async issued(request: TokenRequest): Promise<{ credential: Credential; token: object }> {
    const { form, address, certificate } = request
    assertOnce(form)
    if (!form.has('grant_type')) throw new OAuthFault('invalid_request', 'grant_type is missing')
    if (form.get('grant_type') !== 'client_credentials')
      throw new OAuthFault('unsupported_grant_type', 'grant_type must be client_credentials')
    const credential = await this.client(request)
    assertUsable(credential, this.parts.now())
    assertFrom(credential, address)
    const scopes = scopesOf(form.get('scope'), credential)
    const token = {
      access_token: await this.parts.own.issue(credential, scopes, certificate),
      token_type: 'Bearer',
      expires_in: LIFETIME_SECONDS,
      scope: scopes.join(' '),
    }
    return { credential, token }
  }

  private async client(request: TokenRequest): Promise<Credential> {
    const { lockout } = this.parts
    assertOneWay(request)
    const name = nameIn(request)
    lockout.check(name, request.address)
    try {
      const credential = await this.proved(request)
      lockout.passed(name, request.address)
      return credential
    } catch (error) {
      if (error instanceof OAuthFault && error.error === 'invalid_client')
        lockout.failed(name, request.address)
      throw error
    }
  }

  /** By the way of authentication that the request uses. */
  private async proved({ form, authorization, certificate, audiences }: TokenRequest): Promise<Credential> {
    const { secrets, clients, now } = this.parts
    const secret = form.get('client_secret')
    const assertion = form.get('client_assertion')
    if (authorization !== undefined) {
      const { id, secret: given } = basicOf(authorization)
      return refusing(() => secrets.prove(id, given))
    }
    const id = form.get('client_id') ?? ''
    if (secret !== null) return refusing(() => secrets.prove(id, secret))
    if (assertion !== null) return proveAssertion(assertion, { clients, audiences, now: now() })
    if (!certificate) throw new OAuthFault('invalid_client', 'the request has no client authentication')
    const { credential } = await refusing(() =>
      Promise.resolve(proveCertificate(certificate, clients, now())),
    )
    if (id !== '' && id !== credential.client)
      throw new OAuthFault('invalid_client', 'the certificate is not of the client that client_id names')
    return credential
  }
}

/** RFC 6749, section 3.2: parameters must not be given twice. */
function assertOnce(form: URLSearchParams): void {
  const twice = [...new Set(form.keys())].find((name) => form.getAll(name).length > 1)
  if (twice !== undefined) throw new OAuthFault('invalid_request', `${twice} is given twice`)
}

/** RFC 6749, section 2.3: one way of authentication per request. */
function assertOneWay({ form, authorization }: TokenRequest): void {
  const assertion = form.get('client_assertion')
  const ways = [authorization ?? null, form.get('client_secret'), assertion].filter((way) => way !== null)
  if (ways.length > 1)
    throw new OAuthFault('invalid_request', 'more than one way of client authentication is used')
  if (assertion !== null && form.get('client_assertion_type') !== ASSERTION)
    throw new OAuthFault('invalid_request', `client_assertion_type must be ${ASSERTION}`)
}

/** What failed attempts are counted by. */
function nameIn({ form, authorization }: TokenRequest): string {
  const assertion = form.get('client_assertion')
  if (authorization !== undefined) return basicOf(authorization).id.slice(0, 64)
  return (assertion === null ? (form.get('client_id') ?? 'token endpoint') : issuerOf(assertion)).slice(0, 64)
}

function subjectOf(request: TokenRequest): string | undefined {
  try {
    return nameIn(request)
  } catch {
    return undefined
  }
}

/** client_secret_basic: both parts are form-encoded before they are joined (RFC 6749, section 2.3.1). */
function basicOf(authorization: string): { id: string; secret: string } {
  const value = /^basic\s+(.*)$/i.exec(authorization.trim())?.[1]
  const text = Buffer.from(value ?? '', 'base64').toString('utf8')
  const colon = text.indexOf(':')
  if (value === undefined || colon < 0)
    throw new OAuthFault('invalid_client', 'Authorization is not Basic with client id and secret')
  return { id: decoded(text.slice(0, colon)), secret: decoded(text.slice(colon + 1)) }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw new OAuthFault(
      'invalid_client',
      'client id and secret must be percent-encoded before they are joined',
    )
  }
}

/** What the gatekeeper refuses, in the terms of OAuth. */
async function refusing<Result>(prove: () => Promise<Result>): Promise<Result> {
  try {
    return await prove()
  } catch (error) {
    if (error instanceof Fault && statusOf(error.code) === 401)
      throw new OAuthFault('invalid_client', error.detail.replace(/\.$/, ''))
    throw error
  }
}

/** Those asked for, or all. */
function scopesOf(asked: string | null, { scopes }: Credential): readonly Scope[] {
  if (asked === null || asked.trim() === '') return scopes
  const names = asked.trim().split(/\s+/)
  const lacking = names.filter((name) => !scopes.some((scope) => scope === name))
  if (lacking.length > 0)
    throw new OAuthFault('invalid_scope', `the client has not the scope ${lacking.join(', ')}`)
  return SCOPES.filter((scope) => names.includes(scope))
}
