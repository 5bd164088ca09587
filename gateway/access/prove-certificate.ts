import type { X509Certificate } from 'node:crypto'
import { Fault } from '../../shared/core/fault'
import { fingerprintOf } from './certificate'
import type { ClientStore } from './client-store'
import type { Proof } from './proof'

/**
 * A client certificate is known by its fingerprint, whoever issued it; that its key is there was proved by TLS.
 * @throws Fault CERTIFICATE_UNKNOWN, KEY_EXPIRED
 */
export function proveCertificate(certificate: X509Certificate, clients: ClientStore, now: number): Proof {
  const fingerprint = fingerprintOf(certificate)
  const credential = clients.found('certificate', fingerprint)
  if (!credential)
    throw new Fault('CERTIFICATE_UNKNOWN', `The client certificate ${fingerprint} is not registered here.`, {
      fingerprint,
    })
  if (Date.parse(certificate.validTo) <= now)
    throw new Fault(
      'KEY_EXPIRED',
      `The client certificate ${credential.id} ended on ${certificate.validTo}.`,
      {
        key: credential.id,
      },
    )
  return { credential, method: 'certificate' }
}
