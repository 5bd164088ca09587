import { Fault } from '../../shared/core/fault'

/**
 * The idempotency key of a request: a structured-field string (RFC 8941) or, as older clients send it, without quotes.
 * `X-Idempotency-Key` is for middleware that does not let the other pass.
 * @throws Fault IDEMPOTENCY_KEY_INVALID
 */
export function idempotencyKeyOf(headers: Readonly<Record<string, string>>): string | undefined {
  const given = headers['idempotency-key'] ?? headers['x-idempotency-key']
  if (given === undefined) return undefined
  const text = given.trim()
  const quoted = /^"((?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/.exec(text)
  const key = quoted ? (quoted[1] ?? '').replace(/\\(["\\])/g, '$1') : text
  if (/^[\x20-\x7e]{1,255}$/.test(key) && (quoted || !/["\\]/.test(key))) return key
  throw new Fault('IDEMPOTENCY_KEY_INVALID', 'Idempotency-Key must be 1 to 255 characters of ASCII.', {
    length: key.length,
  })
}
