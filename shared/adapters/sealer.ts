import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Sealer } from '../core/ports'
import { hasCode } from './definition/system-error'

const ALGORITHM = 'aes-256-gcm'
const NONCE = 12
const TAG = 16

/** AES-256-GCM: base64url of nonce, tag and text. @param name what it is; it cannot be unsealed under another one */
export function sealWith(key: Buffer, name: string, text: string): string {
  const nonce = randomBytes(NONCE)
  const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(Buffer.from(name))
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')
}

/** @throws Error when it was changed, or sealed with another key or under another name */
export function unsealWith(key: Buffer, name: string, sealed: string): string {
  const bytes = Buffer.from(sealed, 'base64url')
  const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE))
    .setAAD(Buffer.from(name))
    .setAuthTag(bytes.subarray(NONCE, NONCE + TAG))
  return decipher.update(bytes.subarray(NONCE + TAG), undefined, 'utf8') + decipher.final('utf8')
}

/** Seals with the key of a file, which is made when it is first needed, readable by its owner alone. */
export function fileSealer(path: string): Sealer {
  let key: Buffer | undefined
  return {
    seal: (name, text) => sealWith((key ??= keyOf(path)), name, text),
    unseal(name, sealed) {
      try {
        return unsealWith((key ??= keyOf(path)), name, sealed)
      } catch {
        // another key, or it was changed: nobody can tell what it was
        return undefined
      }
    },
  }
}

function keyOf(path: string): Buffer {
  mkdirSync(dirname(path), { recursive: true })
  try {
    writeFileSync(path, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
  }
  return Buffer.from(readFileSync(path, 'utf8').trim(), 'base64url')
}
