import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { Fault } from '../shared/core/fault'
import type { Keyring } from './keyring'

const ALGORITHM = 'aes-256-gcm'
const NONCE = 12
const TAG = 16

/**
 * A secret at rest: AES-256-GCM with the newest key of the ring, as `<id of the key>.<base64url of nonce, tag, text>`.
 * @param name what it is and whose; it cannot be unsealed under another name (additional authenticated data)
 */
export function seal(ring: Keyring, name: string, secret: string): string {
  const id = ring.current
  const nonce = randomBytes(NONCE)
  const cipher = createCipheriv(ALGORITHM, ring.of(id, 'seal'), nonce).setAAD(Buffer.from(name))
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
  return `${id}.${Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')}`
}

/** @throws Fault GATEWAY_KEY_UNUSABLE, STORE_DAMAGED when it was changed or belongs to another name */
export function unseal(ring: Keyring, name: string, sealed: string): string {
  const [id = '', text = ''] = sealed.split('.')
  const bytes = Buffer.from(text, 'base64url')
  const key = ring.of(id, 'seal')
  try {
    const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE))
      .setAAD(Buffer.from(name))
      .setAuthTag(bytes.subarray(NONCE, NONCE + TAG))
    return decipher.update(bytes.subarray(NONCE + TAG), undefined, 'utf8') + decipher.final('utf8')
  } catch (error) {
    throw new Fault('STORE_DAMAGED', `The sealed secret ${name} was changed.`, { name }, undefined, {
      cause: error,
    })
  }
}
