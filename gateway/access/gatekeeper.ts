import { statusOf } from '../../shared/contract/errors/answer'
import { Fault } from '../../shared/core/fault'
import type { AccessAudit } from '../audit/access-audit'
import { admit, type AdmitParts } from './admit'
import type { Caller } from '../call'
import type { Authenticate, Credentials } from './authenticate'
import { fingerprintOf } from './certificate'
import type { Lockout } from './lockout'
import { presentedIn, type Presented } from './presented'
import type { Proof } from './proof'
import { proveCertificate } from './prove-certificate'
import { proveKey } from './prove-key'
import type { Secrets } from './prove-secret'
import type { AccessSettings } from './settings'
import { NO_KEYS } from './token-fault'
import type { Tokens } from './tokens'

export interface GatekeeperParts extends AdmitParts {
  lockout: Lockout
  audit: AccessAudit
  settings: AccessSettings
  keys: Parameters<typeof proveKey>[2]
  secrets: Secrets
  tokens: Tokens
}

/** Finds out who calls, by the first of the credentials in a request. */
export function gatekeeper(parts: GatekeeperParts): Authenticate {
  return async (credentials) => {
    let subject: string | undefined
    try {
      const presented = presentedIn(credentials, parts.settings)
      subject = subjectOf(presented, parts.tokens)
      return await recognised(presented, subject, credentials, parts)
    } catch (error) {
      parts.audit.refused({ ...credentials.attempt, address: credentials.address }, subject, error)
      throw error
    }
  }
}

async function recognised(
  presented: Presented,
  subject: string,
  credentials: Credentials,
  parts: GatekeeperParts,
): Promise<Caller> {
  const { lockout } = parts
  lockout.check(subject, credentials.address)
  try {
    const caller = await admit(await prove(presented, credentials, parts), credentials, parts)
    lockout.passed(subject, credentials.address)
    return caller
  } catch (error) {
    if (isGuess(error)) lockout.failed(subject, credentials.address)
    throw error
  }
}

async function prove(
  presented: Presented,
  { certificate }: Credentials,
  { keys, secrets, tokens, clients, now }: GatekeeperParts,
): Promise<Proof> {
  switch (presented.by) {
    case 'api-key':
      return proveKey(presented.id, presented.key, keys)
    case 'basic':
      return { credential: await secrets.prove(presented.name, presented.secret), method: 'basic' }
    case 'token':
      return tokens.prove(presented.token, certificate)
    case 'certificate':
      return proveCertificate(presented.certificate, clients, now())
  }
}

/** Whether it was wrong: where the keys of an issuer cannot be read, nobody knows. */
function isGuess(error: unknown): boolean {
  return error instanceof Fault && statusOf(error.code) === 401 && error.evidence['reason'] !== NO_KEYS
}

/** What failed attempts are counted by. A token's own word is enough for that: one client's do not hold up another's. */
function subjectOf(presented: Presented, tokens: Tokens): string {
  switch (presented.by) {
    case 'api-key':
      return presented.id
    case 'basic':
      return presented.name.slice(0, 64)
    case 'token':
      return tokens.claimed(presented.token) ?? 'token'
    case 'certificate':
      return fingerprintOf(presented.certificate)
  }
}
