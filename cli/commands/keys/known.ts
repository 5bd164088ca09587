import type { ClientStore } from '../../../gateway/access/client-store'
import type { Credential } from '../../../gateway/access/client'
import { Fault } from '../../../shared/core/fault'

/** By its id; also where the whole key was given. @throws Fault KEY_UNKNOWN */
export function credentialOf(text: string, clients: ClientStore): Credential {
  const id = /^[a-z]{2}_[0-9a-f]{8}/.exec(text)?.[0] ?? text.slice(0, 16)
  const credential = clients.credential(id)
  if (!credential) throw new Fault('KEY_UNKNOWN', `There is no key ${id} here.`, { key: id })
  return credential
}
