import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { Keyring } from '../keyring'

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const SECRET = 43
const CHECKSUM = 6
const PATTERN = new RegExp(`^(tk_[0-9a-f]{8})_([0-9A-Za-z]{${String(SECRET + CHECKSUM)}})$`)

/** Length of a whole key. */
export const KEY_LENGTH = 'tk_00000000_'.length + SECRET + CHECKSUM

/**
 * A new key: `tk_<id>_<256 random bits><CRC-32 of what stands before>`, in letters and digits so that a double click
 * takes all of it. The id is visible everywhere; the rest is shown once.
 */
export function newApiKey(): { id: string; key: string } {
  const id = `tk_${randomBytes(4).toString('hex')}`
  const body = `${id}_${base62(BigInt(`0x${randomBytes(32).toString('hex')}`), SECRET)}`
  return { id, key: body + checksumOf(body) }
}

/** The visible part of a key that is whole; undefined for any other text. */
export function idOfApiKey(text: string): string | undefined {
  const id = PATTERN.exec(text)?.[1]
  const body = text.slice(0, -CHECKSUM)
  return id !== undefined && checksumOf(body) === text.slice(-CHECKSUM) ? id : undefined
}

/** What is kept of a key: `<id of the pepper>.<HMAC-SHA-256>`. Of 256 random bits, so that a slow hash adds nothing. */
export function hashOf(ring: Keyring, key: string, pepper = ring.current): string {
  return `${pepper}.${createHmac('sha256', ring.of(pepper, 'pepper')).update(key).digest('base64url')}`
}

/** In a time that does not depend on where they differ. */
export function matches(ring: Keyring, key: string, hash: string): boolean {
  const given = Buffer.from(hashOf(ring, key, hash.split('.')[0]))
  const kept = Buffer.from(hash)
  return given.length === kept.length && timingSafeEqual(given, kept)
}

export function base62(number: bigint, length: number): string {
  let text = ''
  for (let rest = number; text.length < length; rest /= 62n) text = (DIGITS[Number(rest % 62n)] ?? '') + text
  return text
}

function checksumOf(body: string): string {
  return base62(BigInt(crc32(body)), CHECKSUM)
}
