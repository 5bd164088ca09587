import { errors } from 'jose'
import { Fault } from '../../shared/core/fault'

/** Clocks may differ by so much. */
export const SKEW_SECONDS = 60

/** The reason where it is not the token's fault. */
export const NO_KEYS = 'key set'

/** Why a token cannot be used, told without repeating it. */
export function tokenInvalid(error: unknown): Fault {
  const [reason, words] = reasonOf(error)
  return new Fault('TOKEN_INVALID', `The token cannot be used: ${words}.`, { reason }, undefined, {
    cause: error,
  })
}

function reasonOf(error: unknown): readonly [reason: string, words: string] {
  if (error instanceof errors.JWTExpired) return ['expired', `it ended${ago(error.payload.exp)}`]
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'nbf')
    return ['claim nbf', 'it does not hold yet; compare the clocks of its issuer and of this machine']
  if (error instanceof errors.JWTClaimValidationFailed)
    return [
      `claim ${error.claim}`,
      `its claim ${error.claim} is ${error.reason === 'missing' ? 'missing' : 'not what is expected here'}`,
    ]
  if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported)
    return ['algorithm', 'its algorithm is not allowed here']
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys)
    return ['key', 'it names a signing key that its issuer does not publish']
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return ['signature', 'its signature does not hold']
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid)
    return [NO_KEYS, 'the key set of its issuer could not be read']
  return ['malformed', 'it is not a JSON Web Token that can be verified here']
}

function ago(expires: number | undefined): string {
  return expires === undefined ? '' : ` ${String(Math.round(Date.now() / 1000 - expires))} s ago`
}
