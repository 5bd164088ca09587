import { createHash, createHmac, randomBytes } from 'node:crypto'
import type { JWTPayload } from 'jose'
import { Fault } from '../core/fault'
import type { Signer } from '../core/ports'

export const signer: Signer = {
  hmac: (algorithm, secret, text, encoding) => createHmac(algorithm, secret).update(text).digest(encoding),

  digest: (algorithm, bytes, encoding) => createHash(algorithm).update(bytes).digest(encoding),

  /** @throws Fault KEY_UNUSABLE */
  async jwt(claims, { pem, algorithm, keyId }) {
    // most runs sign nothing, and it takes long to load
    const { importPKCS8, SignJWT } = await import('jose')
    try {
      const key = await importPKCS8(pem, algorithm)
      const payload: JWTPayload = { ...claims }
      return await new SignJWT(payload)
        .setProtectedHeader({ alg: algorithm, typ: 'JWT', ...(keyId === undefined ? {} : { kid: keyId }) })
        .sign(key)
    } catch (error) {
      throw new Fault(
        'KEY_UNUSABLE',
        `the private key cannot sign with ${algorithm}`,
        { algorithm },
        undefined,
        { cause: error },
      )
    }
  },

  id: () => randomBytes(16).toString('hex'),
}
