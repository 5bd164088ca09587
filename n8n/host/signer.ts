import { createHash, createHmac, randomBytes } from 'node:crypto'
import { Fault } from '../../shared/core/fault'
import type { Signer } from '../../shared/core/ports'

export const signer: Signer = {
  hmac: (algorithm, secret, text, encoding) => createHmac(algorithm, secret).update(text).digest(encoding),
  digest: (algorithm, bytes, encoding) => createHash(algorithm).update(bytes).digest(encoding),
  /** Tokens are the business of n8n's credentials here. */
  jwt: () => Promise.reject(new Fault('KEY_UNUSABLE', 'private keys are used through a credential in n8n')),
  id: () => randomBytes(16).toString('hex'),
}
