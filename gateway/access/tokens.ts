import type { X509Certificate } from 'node:crypto'
import { decodeJwt, type JWTPayload } from 'jose'
import { Fault } from '../../shared/core/fault'
import { OWN, type OwnTokens } from './own-tokens'
import type { OutsideTokens } from './outside-tokens'
import type { Proof } from './proof'

/** JSON Web Tokens: those of the token endpoint, and those of issuers that the operator trusts. */
export class Tokens {
  constructor(
    readonly own: OwnTokens,
    private readonly outside: OutsideTokens,
  ) {}

  /** The id of the credential that a token says it is of, before anything of it is proved. */
  claimed(token: string): string | undefined {
    const claims = claimsOf(token)
    if (!claims) return undefined
    return claims.iss === OWN ? this.own.claimed(claims) : this.outside.claimed(claims)
  }

  /** @throws Fault TOKEN_INVALID */
  async prove(token: string, certificate: X509Certificate | undefined): Promise<Proof> {
    const claims = claimsOf(token)
    if (!claims)
      throw new Fault('TOKEN_INVALID', 'The token is not a JSON Web Token.', { reason: 'malformed' })
    return claims.iss === OWN ? this.own.prove(token, certificate) : this.outside.prove(token, claims.iss)
  }
}

/** As the token says, before anything of it is proved. */
function claimsOf(token: string): JWTPayload | undefined {
  try {
    return decodeJwt(token)
  } catch {
    return undefined
  }
}
