import { createHash, X509Certificate } from 'node:crypto'
import { Fault } from '../../shared/core/fault'

/** SHA-256 of the certificate in lower case hex, as `openssl x509 -fingerprint -sha256` shows it without the colons. */
export function fingerprintOf({ raw }: X509Certificate): string {
  return createHash('sha256').update(raw).digest('hex')
}

/** `x5t#S256` of RFC 8705, which a token is bound to a certificate by. */
export function thumbprintOf({ raw }: X509Certificate): string {
  return createHash('sha256').update(raw).digest('base64url')
}

/**
 * The certificate in the Client-Cert header of a proxy that ends TLS (RFC 9440): its DER as a byte sequence.
 * @throws Fault CREDENTIALS_INVALID
 */
export function certificateIn(header: string): X509Certificate {
  const base64 = /^\s*:([A-Za-z0-9+/=]*):\s*$/.exec(header)?.[1]
  try {
    if (base64 !== undefined) return new X509Certificate(Buffer.from(base64, 'base64'))
  } catch {
    // told below
  }
  throw new Fault(
    'CREDENTIALS_INVALID',
    'Client-Cert is not a certificate in DER as a byte sequence (:base64:), as RFC 9440 wants it.',
    { where: 'Client-Cert' },
  )
}
