import { VERSION_HEADER, VERSIONS } from '../../shared/contract/versions'
import { Fault } from '../../shared/core/fault'
import type { Caller } from '../call'
import type { Tenant } from '../tenant'
import type { Credentials } from './authenticate'
import type { Credential } from './client'
import type { ClientStore } from './client-store'
import { Networks } from './networks'
import type { Proof } from './proof'

/** How exactly it is kept when a key was last used. */
const HOUR_MS = 3_600_000

export interface AdmitParts {
  clients: ClientStore
  tenant: (id: string) => Promise<Tenant>
  now: () => number
}

/**
 * Whoever proved a credential, if it may be used now and from there.
 * @throws Fault KEY_REVOKED, KEY_EXPIRED, ADDRESS_NOT_ALLOWED, VERSION_UNKNOWN
 */
export async function admit(
  proof: Proof,
  { headers, address }: Credentials,
  parts: AdmitParts,
): Promise<Caller> {
  const { credential, method } = proof
  const now = parts.now()
  assertUsable(credential, now)
  assertFrom(credential, address)
  const client = parts.clients.client(credential.client)
  if (!client) throw new Fault('CREDENTIALS_INVALID', `The client of ${credential.id} is not known here.`, {})
  const pinned = credential.version ?? VERSIONS[0]
  const version = versionIn(headers) ?? pinned
  if (credential.version === undefined || (credential.used ?? 0) < now - HOUR_MS)
    parts.clients.touch(credential.id, { used: now, version: pinned })
  const expires = Math.min(proof.expires ?? Infinity, credential.expires ?? Infinity)
  return {
    client: client.id,
    key: credential.id,
    method,
    tenant: await parts.tenant(client.tenant),
    scopes: new Set(proof.scopes ?? credential.scopes),
    workflows: credential.workflows === 'all' ? 'all' : new Set(credential.workflows),
    version,
    ...(expires === Infinity ? {} : { expires }),
  }
}

/** @throws Fault KEY_REVOKED, KEY_EXPIRED */
export function assertUsable({ id, revoked, expires }: Credential, now: number): void {
  if (revoked !== undefined)
    throw new Fault('KEY_REVOKED', `The key ${id} was revoked on ${dayOf(revoked)}.`, { key: id })
  if (expires !== undefined && expires <= now)
    throw new Fault('KEY_EXPIRED', `The key ${id} ended on ${dayOf(expires)}.`, { key: id })
}

/** @throws Fault ADDRESS_NOT_ALLOWED */
export function assertFrom({ id, addresses }: Credential, address: string): void {
  if (addresses.length > 0 && !new Networks(addresses).has(address))
    throw new Fault('ADDRESS_NOT_ALLOWED', `The key ${id} may not be used from ${address}.`, {
      key: id,
      address,
    })
}

function versionIn(headers: Credentials['headers']): string | undefined {
  const asked = headers[VERSION_HEADER.toLowerCase()]?.trim()
  if (asked === undefined || VERSIONS.some((version) => version === asked)) return asked
  throw new Fault(
    'VERSION_UNKNOWN',
    `${VERSION_HEADER} is ${asked.slice(0, 32)}; there is ${VERSIONS.join(', ')}.`,
    {
      versions: VERSIONS.join(', '),
    },
  )
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}
