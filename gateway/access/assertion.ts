import { createPublicKey } from 'node:crypto'
import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import { Fault } from '../../shared/core/fault'
import type { Credential } from './client'
import type { ClientStore } from './client-store'
import { OAuthFault } from './oauth-fault'
import { SKEW_SECONDS, tokenInvalid } from './token-fault'

const ALGORITHMS = ['ES256', 'ES384', 'ES512', 'PS256', 'PS384', 'PS512', 'RS256', 'RS384', 'RS512', 'EdDSA']
/** An assertion is made for one request: one that lives longer would have to be remembered longer. */
const LONGEST_SECONDS = 3600

export interface AssertionContext {
  clients: ClientStore
  audiences: readonly string[]
  now: number
}

/**
 * private_key_jwt (RFC 7523): signed with a key whose public half is registered, for this token endpoint, not expired,
 * used once.
 * @throws OAuthFault
 */
export async function proveAssertion(
  assertion: string,
  { clients, audiences, now }: AssertionContext,
): Promise<Credential> {
  const client = issuerOf(assertion)
  const { kid } = headerOf(assertion)
  let why = 'no public key of the client is registered'
  for (const credential of candidates(clients, client, kid)) {
    try {
      const { payload } = await jwtVerify(assertion, publicKeyOf(credential), {
        algorithms: ALGORITHMS,
        issuer: client,
        subject: client,
        audience: [...audiences],
        requiredClaims: ['exp', 'jti'],
        clockTolerance: SKEW_SECONDS,
        currentDate: new Date(now),
      })
      const { exp = 0, jti = '' } = payload
      if (exp * 1000 > now + (LONGEST_SECONDS + SKEW_SECONDS) * 1000)
        throw new OAuthFault('invalid_client', 'the assertion is to live longer than an hour')
      if (!clients.firstUse(`${client} ${jti}`, (exp + SKEW_SECONDS) * 1000, now))
        throw new OAuthFault(
          'invalid_client',
          'the assertion was used before; make a new one for every request',
        )
      return credential
    } catch (error) {
      if (error instanceof OAuthFault) throw error
      why = tokenInvalid(error).detail
    }
  }
  throw new OAuthFault('invalid_client', why)
}

/** The client, as the assertion says it before it is verified. */
export function issuerOf(assertion: string): string {
  try {
    return decodeJwt(assertion).iss ?? ''
  } catch {
    throw new OAuthFault('invalid_client', 'the assertion is not a JSON Web Token')
  }
}

function headerOf(assertion: string): { kid?: string } {
  try {
    const { kid } = decodeProtectedHeader(assertion)
    return kid === undefined ? {} : { kid }
  } catch {
    throw new OAuthFault('invalid_client', 'the assertion is not a JSON Web Token')
  }
}

/** The key that the assertion names, or all of the client. */
function candidates(clients: ClientStore, client: string, kid: string | undefined): Credential[] {
  const keys = clients.ofClient(client, 'public-key').filter(({ revoked }) => revoked === undefined)
  const named = keys.filter(({ proof }) => kid !== undefined && jwkOf(proof)['kid'] === kid)
  return named.length > 0 ? named : keys
}

function publicKeyOf({ proof }: Credential): ReturnType<typeof createPublicKey> {
  return createPublicKey({ key: jwkOf(proof), format: 'jwk' })
}

/** A public key as it is registered. @throws Fault STORE_DAMAGED */
function jwkOf(proof: string): Record<string, unknown> {
  const jwk: unknown = JSON.parse(proof)
  if (isObject(jwk)) return jwk
  throw new Fault('STORE_DAMAGED', 'A registered public key is not a JWK.', {})
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
