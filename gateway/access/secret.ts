import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { base62 } from './api-key'

/** RFC 7914, with the cost that OWASP's cheat sheet on storing passwords gives: N=2^14, r=8, p=5. */
const COST = { N: 16_384, r: 8, p: 5, maxmem: 64 * 1024 * 1024 }
const LENGTH = 32

/** A new client secret of 256 bits, in letters and digits so that no encoding changes it. */
export function newSecret(): string {
  return base62(BigInt(`0x${randomBytes(32).toString('hex')}`), 43)
}

/** `<salt>.<scrypt>` in base64url. */
export async function hashSecret(secret: string, salt = randomBytes(16)): Promise<string> {
  const bytes = await new Promise<Buffer>((resolve, reject) => {
    scrypt(secret, salt, LENGTH, COST, (error, key) => {
      if (error) reject(error)
      else resolve(key)
    })
  })
  return `${salt.toString('base64url')}.${bytes.toString('base64url')}`
}

export async function matchesSecret(secret: string, hash: string): Promise<boolean> {
  const given = Buffer.from(await hashSecret(secret, Buffer.from(hash.split('.')[0] ?? '', 'base64url')))
  const kept = Buffer.from(hash)
  return given.length === kept.length && timingSafeEqual(given, kept)
}
