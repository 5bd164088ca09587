import {
  createPrivateKey,
  createPublicKey,
  randomUUID,
  type KeyObject,
  type X509Certificate,
} from 'node:crypto'
import { decodeProtectedHeader, jwtVerify, SignJWT } from 'jose'
import { SCOPES, type Scope } from '../../shared/contract/operations/operation'
import { Fault } from '../../shared/core/fault'
import type { Keyring } from '../keyring'
import { thumbprintOf } from './certificate'
import type { Credential } from './client'
import type { ClientStore } from './client-store'
import type { Proof } from './proof'
import { tokenInvalid } from './token-fault'

/** Issuer and audience of the gateway's own tokens: nobody else reads them. */
export const OWN = 'tieout'
export const LIFETIME_SECONDS = 3600
const ALGORITHM = 'EdDSA'
/** What stands before the 32 bytes of an Ed25519 key in PKCS#8 (RFC 8410, section 7). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')

/** Tokens that the token endpoint gives out, signed with a key that follows from that of the gateway. */
export class OwnTokens {
  constructor(
    private readonly ring: Keyring,
    private readonly clients: ClientStore,
    private readonly now: () => number,
  ) {}

  /** @param certificate that the token is bound to (RFC 8705) */
  issue(
    credential: Credential,
    scopes: readonly Scope[],
    certificate: X509Certificate | undefined,
  ): Promise<string> {
    const id = this.ring.current
    const seconds = Math.floor(this.now() / 1000)
    return new SignJWT({
      scope: scopes.join(' '),
      credential: credential.id,
      ...(certificate ? { cnf: { 'x5t#S256': thumbprintOf(certificate) } } : {}),
    })
      .setProtectedHeader({ alg: ALGORITHM, typ: 'at+jwt', kid: id })
      .setIssuer(OWN)
      .setAudience(OWN)
      .setSubject(credential.client)
      .setIssuedAt(seconds)
      .setExpirationTime(seconds + LIFETIME_SECONDS)
      .setJti(randomUUID())
      .sign(this.key(id))
  }

  /** The credential that it says it is of. */
  claimed({ credential: id }: Readonly<Record<string, unknown>>): string | undefined {
    return typeof id === 'string' ? this.clients.credential(id)?.id : undefined
  }

  /** It may do what its credential still may. @throws Fault TOKEN_INVALID */
  async prove(token: string, certificate: X509Certificate | undefined): Promise<Proof> {
    const payload = await this.verified(token)
    const { cnf, scope, credential: id, exp } = payload
    assertBound(cnf, certificate)
    const credential = typeof id === 'string' ? this.clients.credential(id) : undefined
    if (!credential)
      throw new Fault('TOKEN_INVALID', 'The token is of a client that is gone.', { reason: 'client' })
    const scopes = new Set(typeof scope === 'string' ? scope.split(' ') : [])
    return {
      credential,
      method: 'token',
      scopes: SCOPES.filter((one) => scopes.has(one) && credential.scopes.includes(one)),
      ...(exp === undefined ? {} : { expires: exp * 1000 }),
    }
  }

  private async verified(token: string): Promise<Record<string, unknown> & { exp?: number }> {
    try {
      const { kid = '' } = decodeProtectedHeader(token)
      if (!this.ring.ids.includes(kid)) throw new TypeError('no such key')
      const { payload } = await jwtVerify(token, createPublicKey(this.key(kid)), {
        algorithms: [ALGORITHM],
        issuer: OWN,
        audience: OWN,
        typ: 'at+jwt',
        requiredClaims: ['exp', 'credential'],
        currentDate: new Date(this.now()),
      })
      return payload
    } catch (error) {
      throw tokenInvalid(error)
    }
  }

  private key(id: string): KeyObject {
    const key = Buffer.concat([PKCS8, this.ring.of(id, 'token')])
    return createPrivateKey({ key, format: 'der', type: 'pkcs8' })
  }
}

/** @throws Fault TOKEN_INVALID */
function assertBound(cnf: unknown, certificate: X509Certificate | undefined): void {
  if (cnf === undefined) return
  const bound = typeof cnf === 'object' && cnf !== null && 'x5t#S256' in cnf ? cnf['x5t#S256'] : undefined
  if (certificate && bound === thumbprintOf(certificate)) return
  throw new Fault(
    'TOKEN_INVALID',
    certificate
      ? 'The token is bound to another client certificate.'
      : 'The token is bound to a client certificate, and none arrived with it.',
    { reason: 'certificate' },
  )
}
