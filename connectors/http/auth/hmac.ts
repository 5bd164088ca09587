import type { Ports } from '../../../shared/core/ports'
import type { DataRecord } from '../../../shared/core/record/value'
import { text } from '../../../shared/core/settings'
import type { Authorizer } from './authorizer'

const PLACE = /\{(method|path|host|timestamp|nonce|body|bodySha256|keyId|signature)\}/g

/**
 * A signature of each request, as the service describes it: `sign` says what is signed, `value` how the header is
 * written. Both know {method} {path} {host} {timestamp} {nonce} {body} {bodySha256} {keyId}.
 */
export function hmac(settings: DataRecord, { signer, clock }: Ports): Authorizer {
  const declared = text(settings, 'algorithm')
  const algorithm = declared === 'sha512' || declared === 'sha1' ? declared : 'sha256'
  const encoding = text(settings, 'encoding') === 'base64' ? 'base64' : 'hex'
  const header = (text(settings, 'header') ?? 'x-signature').toLowerCase()
  const timestampHeader = text(settings, 'timestampHeader')?.toLowerCase()
  const nonceHeader = text(settings, 'nonceHeader')?.toLowerCase()

  return {
    authorize(request) {
      const url = new URL(request.url)
      const body = typeof request.body === 'string' ? request.body : new TextDecoder().decode(request.body)
      const timestamp = String(Math.floor(clock.now() / 1000))
      const nonce = signer.id()
      const facts: Record<string, string> = {
        method: request.method,
        path: url.pathname + url.search,
        host: url.host,
        timestamp,
        nonce,
        body,
        bodySha256: signer.digest('sha256', body, 'hex'),
        keyId: text(settings, 'keyId') ?? '',
      }
      const fill = (template: string) => template.replace(PLACE, (_, name: string) => facts[name] ?? '')
      const signed = fill(text(settings, 'sign') ?? '{method}\n{path}\n{timestamp}\n{bodySha256}')
      facts['signature'] = signer.hmac(algorithm, text(settings, 'secret') ?? '', signed, encoding)
      const headers = {
        ...request.headers,
        [header]: fill(text(settings, 'value') ?? '{signature}'),
        ...(timestampHeader === undefined ? {} : { [timestampHeader]: timestamp }),
        ...(nonceHeader === undefined ? {} : { [nonceHeader]: nonce }),
      }
      return Promise.resolve({ ...request, headers })
    },
  }
}
