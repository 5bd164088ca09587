import { Fault } from '../../shared/core/fault'
import type { Keyring } from '../keyring'
import { hashOf, matches } from './api-key'
import type { ClientStore } from './client-store'
import type { Proof } from './proof'

/** The same answer after the same work for a key that is not known and for a wrong one. */
export function proveKey(
  id: string,
  key: string,
  { clients, ring }: { clients: ClientStore; ring: Keyring },
): Proof {
  const credential = clients.credential(id)
  const hash = credential?.kind === 'api-key' ? credential.proof : hashOf(ring, '')
  if (matches(ring, key, hash) && credential) return { credential, method: 'api-key' }
  throw new Fault('CREDENTIALS_INVALID', `The key ${id} is whole, but not known here.`, { key: id })
}
