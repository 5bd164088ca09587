import { Fault } from '../../shared/core/fault'

export type OAuthError =
  'invalid_request' | 'invalid_client' | 'invalid_scope' | 'unauthorized_client' | 'unsupported_grant_type'

/** A refusal in the terms of RFC 6749, section 5.2. */
export class OAuthFault extends Fault {
  constructor(
    readonly error: OAuthError,
    readonly reason: string,
  ) {
    super('OAUTH_REFUSED', `${error}: ${reason}.`, { error, reason })
  }

  /** 401 only where the client is not who it says. */
  get status(): number {
    return this.error === 'invalid_client' ? 401 : 400
  }
}
