import type { X509Certificate } from 'node:crypto'
import { decodeJwt } from 'jose'
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

  /** @throws Fault TOKEN_INVALID */
  prove(token: string, certificate: X509Certificate | undefined): Promise<Proof> {
    return issuerOf(token) === OWN
      ? this.own.prove(token, certificate)
      : this.outside.prove(token, issuerOf(token))
  }
}

/** As the token says, before anything of it is proved. */
function issuerOf(token: string): string | undefined {
  try {
    return decodeJwt(token).iss
  } catch {
    throw new Fault('TOKEN_INVALID', 'The token is not a JSON Web Token.', { reason: 'malformed' })
  }
}
