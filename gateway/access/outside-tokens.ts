import { readFile } from 'node:fs/promises'
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  jwtVerify,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
} from 'jose'
import { Fault } from '../../shared/core/fault'
import type { Credential } from './client'
import type { ClientStore } from './client-store'
import type { Proof } from './proof'
import type { IssuerSettings } from './settings'
import { SKEW_SECONDS, tokenInvalid } from './token-fault'

/** Tokens of issuers that the operator trusts; who one of them is here was said with `tieout keys create --issuer`. */
export class OutsideTokens {
  private readonly keys = new Map<string, Promise<JWTVerifyGetKey>>()

  constructor(
    private readonly issuers: readonly IssuerSettings[],
    private readonly clients: ClientStore,
    private readonly now: () => number,
  ) {}

  /** @throws Fault TOKEN_INVALID, CREDENTIALS_INVALID */
  async prove(token: string, issuer: string | undefined): Promise<Proof> {
    const settings = this.issuers.find((one) => one.issuer === issuer)
    if (!settings)
      throw new Fault('TOKEN_INVALID', 'The token is of an issuer that is not trusted here.', {
        reason: 'issuer',
      })
    const payload = await this.verified(token, settings)
    const credential = this.credentialOf(payload, settings)
    if (!credential)
      throw new Fault(
        'CREDENTIALS_INVALID',
        `The token of ${settings.name} is good, but its ${settings.claim} is not registered here.`,
        { issuer: settings.name, claim: settings.claim },
      )
    const { exp } = payload
    return { credential, method: 'jwt', ...(exp === undefined ? {} : { expires: exp * 1000 }) }
  }

  /** The credential that it says it is of. */
  claimed(payload: Readonly<Record<string, unknown>>): string | undefined {
    const settings = this.issuers.find(({ issuer }) => issuer === payload['iss'])
    return settings && this.credentialOf(payload, settings)?.id
  }

  private credentialOf(
    payload: Readonly<Record<string, unknown>>,
    { name, claim }: IssuerSettings,
  ): Credential | undefined {
    const subject = payload[claim]
    return typeof subject === 'string'
      ? this.clients.found('subject', subjectProof(name, subject))
      : undefined
  }

  private async verified(
    token: string,
    { issuer, audience, algorithms, claim, ...settings }: IssuerSettings,
  ): Promise<Record<string, unknown> & { exp?: number }> {
    try {
      const { payload } = await jwtVerify(token, await this.keysOf({ ...settings, issuer }), {
        algorithms: [...algorithms],
        issuer,
        audience,
        requiredClaims: ['exp', claim],
        clockTolerance: SKEW_SECONDS,
        currentDate: new Date(this.now()),
      })
      return payload
    } catch (error) {
      throw tokenInvalid(error)
    }
  }

  private keysOf({ issuer, jwks }: Pick<IssuerSettings, 'issuer' | 'jwks'>): Promise<JWTVerifyGetKey> {
    const known = this.keys.get(issuer)
    if (known) return known
    const keys = /^https?:/.test(jwks) ? Promise.resolve(remoteKeys(jwks)) : localKeys(jwks)
    this.keys.set(issuer, keys)
    keys.catch(() => this.keys.delete(issuer))
    return keys
  }
}

/** What a credential for tokens of an issuer is found by. */
export function subjectProof(issuer: string, subject: string): string {
  return `${issuer}\n${subject}`
}

function remoteKeys(url: string): JWTVerifyGetKey {
  const keys = createRemoteJWKSet(new URL(url))
  return async (header, token) => {
    try {
      return await keys(header, token)
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys)
        throw error
      throw new errors.JWKSInvalid(`${url} could not be read`, { cause: error })
    }
  }
}

async function localKeys(path: string): Promise<JWTVerifyGetKey> {
  const set = await readKeySet(path)
  if (!set) throw new errors.JWKSInvalid(`${path} is not a key set`)
  return createLocalJWKSet(set)
}

/** The key set (RFC 7517) in a file; undefined where there is none. */
export async function readKeySet(path: string): Promise<JSONWebKeySet | undefined> {
  try {
    const set: unknown = JSON.parse(await readFile(path, 'utf8'))
    return isKeySet(set) ? set : undefined
  } catch {
    return undefined
  }
}

function isKeySet(value: unknown): value is JSONWebKeySet {
  return typeof value === 'object' && value !== null && 'keys' in value && Array.isArray(value.keys)
}
