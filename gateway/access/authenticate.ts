import type { X509Certificate } from 'node:crypto'
import type { Attempt } from '../audit/access-audit'
import type { Caller } from '../call'

/** Everything in a request that may say who sends it. */
export interface Credentials {
  /** In lower case. */
  headers: Readonly<Record<string, string>>
  query: URLSearchParams
  /** Past trusted proxies only. */
  address: string
  /** Of the TLS connection, or of the Client-Cert header of a trusted hop (RFC 9440). */
  certificate: X509Certificate | undefined
  attempt: Omit<Attempt, 'address'>
}

/** @throws Fault CREDENTIALS_MISSING, CREDENTIALS_INVALID, KEY_REVOKED, KEY_EXPIRED, ..., ADDRESS_NOT_ALLOWED */
export type Authenticate = (credentials: Credentials) => Promise<Caller>
