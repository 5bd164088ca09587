import type { Scope } from '../../shared/contract/operations/operation'
import type { PolicyChange } from '../limits/policy'

/** Somebody who calls: an integration, a customer. */
export interface Client {
  id: string
  tenant: string
  created: number
  /** What differs from the limits that apply to everybody, by the name of the policy. */
  limits: Readonly<Record<string, PolicyChange>>
}

/** One way in which a client proves who it is, with what it may do then. A client may have several at once. */
export interface Credential extends Rights {
  /** Visible everywhere: `tk_`, `cs_`, `ct_`, `pk_` or `js_` and eight hexadecimal digits. */
  id: string
  client: string
  kind: CredentialKind
  /**
   * By kind: hash of the key; scrypt of the secret; SHA-256 of the certificate in hex; public key as JWK; issuer and
   * subject.
   */
  proof: string
  created: number
  expires?: number
  revoked?: number
  /** Version of the API of its first call. */
  version?: string
  /** When it was last used, to the hour. */
  used?: number
}

export type CredentialKind = 'api-key' | 'secret' | 'certificate' | 'public-key' | 'subject'

export interface Rights {
  scopes: readonly Scope[]
  workflows: 'all' | readonly string[]
  /** Addresses and networks (CIDR) that it may be used from; empty: any. */
  addresses: readonly string[]
}

/** What may be shown of one: not the hashes, but what a registered one is recognised by. */
export type ShownCredential = Omit<Credential, 'proof'> & { recognised?: string }

export function shownOf(credential: Credential): ShownCredential {
  const { kind, proof } = credential
  const shown: ShownCredential & { proof?: string } = { ...credential }
  delete shown.proof
  if (kind === 'certificate') shown.recognised = proof
  if (kind === 'subject') shown.recognised = proof.replace('\n', ' ')
  return shown
}
