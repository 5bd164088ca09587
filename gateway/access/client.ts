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
