import { sealWith, unsealWith } from '../shared/adapters/sealer'
import { Fault } from '../shared/core/fault'
import type { Keyring } from './keyring'

/**
 * A secret at rest, sealed with the newest key of the ring, as `<id of the key>.<sealed>`.
 * @param name what it is and whose; it cannot be unsealed under another name (additional authenticated data)
 */
export function seal(ring: Keyring, name: string, secret: string): string {
  const id = ring.current
  return `${id}.${sealWith(ring.of(id, 'seal'), name, secret)}`
}

/** @throws Fault GATEWAY_KEY_UNUSABLE, STORE_DAMAGED when it was changed or belongs to another name */
export function unseal(ring: Keyring, name: string, sealed: string): string {
  const [id = '', text = ''] = sealed.split('.')
  const key = ring.of(id, 'seal')
  try {
    return unsealWith(key, name, text)
  } catch (error) {
    throw new Fault('STORE_DAMAGED', `The sealed secret ${name} was changed.`, { name }, undefined, {
      cause: error,
    })
  }
}
