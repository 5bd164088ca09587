import http from 'node:http'
import { generateKeyPairSync } from 'node:crypto'
import { importSPKI, jwtVerify } from 'jose'
import { portOf } from '../../bench/lib/port'
import type { Call } from './faulty-api/wire'

export interface OAuthOptions {
  method: 'clientSecretBasic' | 'clientSecretPost' | 'privateKeyJwt'
  clientId: string
  clientSecret?: string
  /** What `expires_in` says, in seconds. */
  lifetime?: number
  scope?: string
  audience?: string
}

export interface OAuthServer {
  tokenUrl: string
  /** For private_key_jwt: the client's key in PKCS#8 PEM (ES256). */
  privateKey: string
  /** Tokens issued so far. */
  readonly issued: number
  /** Whether a call carries a token that is still good; for the `auth` of a faulty API. */
  accepts: (call: Call) => boolean
  /** All tokens issued so far are refused from now on. */
  revoke(): void
  close(): Promise<void>
}

/** A token endpoint for client credentials; assertions are verified with jose, each only once (RFC 7523). */
export async function startOAuth(options: OAuthOptions): Promise<OAuthServer> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
  const good = new Set<string>()
  const seen = new Set<string>()
  let issued = 0
  let tokenUrl = ''

  async function knows(headers: http.IncomingHttpHeaders, form: URLSearchParams): Promise<boolean> {
    const { method, clientId, clientSecret = '' } = options
    if (method === 'clientSecretPost') {
      return form.get('client_id') === clientId && form.get('client_secret') === clientSecret
    }
    if (method === 'clientSecretBasic') {
      // RFC 6749, 2.3.1: both parts are form-encoded before they are joined.
      const pair = [clientId, clientSecret].map((part) =>
        new URLSearchParams({ '': part }).toString().slice(1),
      )
      return headers.authorization === `Basic ${Buffer.from(pair.join(':')).toString('base64')}`
    }
    const key = await importSPKI(publicKey, 'ES256')
    const claims = { issuer: clientId, subject: clientId, audience: tokenUrl, requiredClaims: ['exp', 'jti'] }
    const { payload } = await jwtVerify(form.get('client_assertion') ?? '', key, claims)
    const { jti = '' } = payload
    const first = !seen.has(jti)
    seen.add(jti)
    return (
      first && form.get('client_assertion_type') === 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
    )
  }

  async function answer(
    headers: http.IncomingHttpHeaders,
    body: string,
  ): Promise<[status: number, body: object]> {
    const form = new URLSearchParams(body)
    if (!(await knows(headers, form).catch(() => false))) return [401, { error: 'invalid_client' }]
    if (form.get('grant_type') !== 'client_credentials') return [400, { error: 'unsupported_grant_type' }]
    for (const name of ['scope', 'audience'] as const) {
      const expected = options[name]
      if (expected !== undefined && form.get(name) !== expected) return [400, { error: `invalid_${name}` }]
    }
    const token = `token-${String(++issued)}`
    good.add(token)
    return [200, { access_token: token, token_type: 'Bearer', expires_in: options.lifetime ?? 3600 }]
  }

  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      void answer(request.headers, Buffer.concat(chunks).toString()).then(([status, body]) => {
        response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
        response.end(JSON.stringify(body))
      })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  tokenUrl = `http://localhost:${portOf(server)}/token`
  return {
    tokenUrl,
    privateKey,
    get issued() {
      return issued
    },
    accepts: ({ headers }) => good.has((headers.authorization ?? '').replace('Bearer ', '')),
    revoke() {
      good.clear()
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
