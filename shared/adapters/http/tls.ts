import tls from 'node:tls'
import { Fault } from '../../core/fault'
import type { TlsOptions } from '../../core/ports'
import { isError } from './engine'

/**
 * Trusts what Node and the operating system trust, and the given authorities in addition.
 * @throws Fault TLS_CLIENT_CERTIFICATE_UNUSABLE
 */
export function secureContext(options: TlsOptions = {}): tls.SecureContext {
  const { ca = [], cert, key, pfx, passphrase } = options
  try {
    return tls.createSecureContext({
      ca: [...trusted(), ...ca],
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
      ...(pfx === undefined ? {} : { pfx: Buffer.from(pfx) }),
      ...(passphrase === undefined ? {} : { passphrase }),
    })
  } catch (error) {
    // OpenSSL gives no code for a wrong passphrase, only the text 'mac verify failure'.
    const reason = isError(error) ? error.message : 'unknown'
    throw new Fault(
      'TLS_CLIENT_CERTIFICATE_UNUSABLE',
      `the client certificate cannot be opened: ${reason}`,
      { reason },
      undefined,
      { cause: error },
    )
  }
}

let authorities: readonly string[] | undefined

/** Node 22 before 22.15 cannot read the system's authorities. */
function trusted(): readonly string[] {
  const { getCACertificates } = tls as Partial<typeof tls>
  authorities ??= getCACertificates
    ? [...new Set([...getCACertificates('default'), ...getCACertificates('system')])]
    : tls.rootCertificates
  return authorities
}
