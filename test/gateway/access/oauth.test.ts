// The token endpoint, called by a certified client (openid-client) in each way of client authentication, and by hand
// where it has to refuse.
import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { X509Certificate } from 'node:crypto'
import { SignJWT, UnsecuredJWT } from 'jose'
import * as oauth from 'openid-client'
import { Agent, fetch as undiciFetch } from 'undici'
import { fingerprintOf } from '../../../gateway/access/certificate'
import { SCOPES } from '../../../shared/contract/operations/operation'
import { Authority } from '../../support/certificates'
import { startGateway, type TestGateway } from '../../support/gateway'
import { containing, jsonOf, type Json } from '../../support/answers'

const ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const rights = { scopes: SCOPES, workflows: 'all', addresses: [] } as const
const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })

let gateway: TestGateway
let secret: string
beforeAll(async () => {
  gateway = await startGateway()
  gateway.issue.client('acme', 'default')
  ;({ secret } = await gateway.issue.secret({
    client: 'acme',
    ...rights,
    scopes: ['runs:read', 'runs:write'],
  }))
  gateway.issue.registered(
    { client: 'acme', ...rights },
    'public-key',
    JSON.stringify(keys.publicKey.export({ format: 'jwk' })),
  )
})
afterAll(() => gateway.close())

function configuration(authentication: oauth.ClientAuth, url = gateway.url): oauth.Configuration {
  const server = { issuer: url, token_endpoint: `${url}/oauth/token` }
  const config = new oauth.Configuration(server, 'acme', {}, authentication)
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so that nobody uses it outside of tests
  oauth.allowInsecureRequests(config)
  return config
}

const whoIs = async (token: string): Promise<unknown> => {
  const headers = { authorization: `Bearer ${token}` }
  return (await fetch(`${gateway.url}/v1/caller`, { headers })).json()
}

async function tokenRequest(
  form: Record<string, string> | string,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: Json; headers: Headers }> {
  const body = new URLSearchParams(form)
  const response = await fetch(`${gateway.url}/oauth/token`, { method: 'POST', body, headers })
  return {
    status: response.status,
    body: await jsonOf(response),
    headers: response.headers,
  }
}

const basic = (id: string, text: string): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`${id}:${text}`).toString('base64')}`,
})

describe('openid-client gets a token', () => {
  test('with client_secret_basic and with client_secret_post', async () => {
    for (const way of [oauth.ClientSecretBasic(secret), oauth.ClientSecretPost(secret)]) {
      const token = await oauth.clientCredentialsGrant(configuration(way))
      expect(token).toMatchObject({ token_type: 'bearer', expires_in: 3600, scope: 'runs:read runs:write' })
      expect(await whoIs(token.access_token)).toMatchObject({
        client: 'acme',
        method: 'token',
        scopes: ['runs:read', 'runs:write'],
      })
    }
  })

  test('with private_key_jwt', async () => {
    const key = await crypto.subtle.importKey(
      'pkcs8',
      keys.privateKey.export({ type: 'pkcs8', format: 'der' }),
      { name: 'ECDSA', namedCurve: 'P-256' },
      false,
      ['sign'],
    )
    const token = await oauth.clientCredentialsGrant(configuration(oauth.PrivateKeyJwt(key)))
    expect(await whoIs(token.access_token)).toMatchObject({ client: 'acme', method: 'token' })
  })

  test('with fewer scopes than it has, and not with others', async () => {
    const config = configuration(oauth.ClientSecretBasic(secret))
    const token = await oauth.clientCredentialsGrant(config, { scope: 'runs:read' })
    expect(token.scope).toBe('runs:read')
    expect(await whoIs(token.access_token)).toMatchObject({ scopes: ['runs:read'] })
    await expect(
      oauth.clientCredentialsGrant(config, { scope: 'runs:read access:manage' }),
    ).rejects.toMatchObject({
      error: 'invalid_scope',
      error_description: 'the client has not the scope access:manage',
    })
  })

  test('not with a wrong secret: invalid_client, 401, a challenge', async () => {
    const wrong = oauth.clientCredentialsGrant(configuration(oauth.ClientSecretBasic('wrong')))
    await expect(wrong).rejects.toMatchObject({
      cause: expect.arrayContaining([expect.objectContaining({ scheme: 'basic' })]) as unknown,
    })
    const { status, body, headers } = await tokenRequest(
      { grant_type: 'client_credentials' },
      basic('acme', 'wrong'),
    )
    expect(status).toBe(401)
    expect(headers.get('www-authenticate')).toContain('Basic')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(body).toMatchObject({ error: 'invalid_client', code: 'OAUTH_REFUSED', status: 401 })
  })
})

describe('certificates', () => {
  let authority: Authority
  let mutual: TestGateway
  beforeAll(async () => {
    authority = new Authority()
    const { cert, key } = authority.issue()
    mutual = await startGateway({ tls: { cert, key } })
  })
  afterAll(async () => {
    await mutual.close()
    authority.remove()
  })

  const agentWith = (issued?: { cert: string; key: string }): Agent =>
    new Agent({ connect: { ca: authority.cert, servername: 'localhost', ...issued } })

  test('a token that was got with a certificate is worth nothing without it', async () => {
    const mine = authority.issue({ name: 'acme' })
    const other = authority.issue({ name: 'other' })
    mutual.issue.client('acme', 'default')
    mutual.issue.registered(
      { client: 'acme', ...rights },
      'certificate',
      fingerprintOf(new X509Certificate(mine.cert)),
    )
    const [with_, without, foreign] = [agentWith(mine), agentWith(), agentWith(other)]
    const config = configuration(oauth.TlsClientAuth(), mutual.url)
    // undici's own fetch takes the agent that shows the certificate
    config[oauth.customFetch] = async (url, { method, headers, body }) => {
      const sent = new Response(body)
      const answer = await undiciFetch(url, {
        method,
        headers: Object.fromEntries(new Headers(headers)),
        body: await sent.text(),
        dispatcher: with_,
      })
      return new Response(await answer.text(), { status: answer.status, headers: [...answer.headers] })
    }
    const { access_token } = await oauth.clientCredentialsGrant(config)

    const ask = async (dispatcher: Agent, headers: Record<string, string>): Promise<unknown> =>
      (await undiciFetch(`${mutual.url}/v1/caller`, { dispatcher, headers })).json()
    const bearer = { authorization: `Bearer ${access_token}` }
    expect(await ask(with_, bearer)).toMatchObject({ client: 'acme', method: 'token' })
    expect(await ask(without, bearer)).toMatchObject({
      code: 'TOKEN_INVALID',
      evidence: { reason: 'certificate' },
    })
    expect(await ask(foreign, bearer)).toMatchObject({
      code: 'TOKEN_INVALID',
      evidence: { reason: 'certificate' },
    })

    expect(await ask(with_, {})).toMatchObject({ client: 'acme', method: 'certificate' })
    expect(await ask(foreign, {})).toMatchObject({
      code: 'CERTIFICATE_UNKNOWN',
      evidence: { fingerprint: fingerprintOf(new X509Certificate(other.cert)) },
    })
    await Promise.all([with_, without, foreign].map((agent) => agent.close()))
  })

  test('an ended certificate is refused although it is registered', async () => {
    const ended = authority.expired()
    mutual.issue.client('late', 'default')
    mutual.issue.registered(
      { client: 'late', ...rights },
      'certificate',
      fingerprintOf(new X509Certificate(ended.cert)),
    )
    const agent = agentWith(ended)
    const response = await undiciFetch(`${mutual.url}/v1/caller`, { dispatcher: agent })
    expect(await response.json()).toMatchObject({ status: 401, code: 'KEY_EXPIRED' })
    await agent.close()
  })
})

describe('assertions that are refused', () => {
  const assertion = (
    claims: Record<string, unknown> = {},
    { key = keys.privateKey, alg = 'ES256' }: { key?: Parameters<SignJWT['sign']>[0]; alg?: string } = {},
  ): Promise<string> => {
    const seconds = Math.floor(Date.now() / 1000)
    const usual = {
      iss: 'acme',
      sub: 'acme',
      aud: `${gateway.url}/oauth/token`,
      jti: randomUUID(),
      exp: seconds + 60,
    }
    const given = Object.fromEntries(
      Object.entries({ ...usual, ...claims }).filter((entry: [string, unknown]) => entry[1] !== undefined),
    )
    return new SignJWT(given).setProtectedHeader({ alg }).sign(key)
  }
  const send = async (text: string): Promise<unknown> => {
    const form = {
      grant_type: 'client_credentials',
      client_assertion_type: ASSERTION,
      client_assertion: text,
    }
    return (await tokenRequest(form)).body
  }

  test('one that was used before', async () => {
    const text = await assertion()
    expect(await send(text)).toMatchObject({ token_type: 'Bearer' })
    expect(await send(text)).toMatchObject({
      error: 'invalid_client',
      error_description: 'the assertion was used before; make a new one for every request',
    })
  })

  test.each([
    ['for somebody else', () => assertion({ aud: 'https://elsewhere.example.com/token' }), 'claim aud'],
    ['that has ended', () => assertion({ exp: Math.floor(Date.now() / 1000) - 120 }), 'ended'],
    ['that never ends', () => assertion({ exp: undefined }), 'claim exp'],
    [
      'that ends next year',
      () => assertion({ exp: Math.floor(Date.now() / 1000) + 31_536_000 }),
      'longer than an hour',
    ],
    ['without an id', () => assertion({ jti: undefined }), 'claim jti'],
    ['of another subject', () => assertion({ sub: 'other' }), 'claim sub'],
    ['of a client without keys', () => assertion({ iss: 'other', sub: 'other' }), 'no public key'],
    [
      'signed with another key',
      () => assertion({}, { key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey }),
      'signature',
    ],
    [
      'signed with the public key as a shared secret',
      () =>
        assertion(
          {},
          { alg: 'HS256', key: Buffer.from(keys.publicKey.export({ type: 'spki', format: 'pem' })) },
        ),
      'algorithm',
    ],
    [
      'without a signature',
      () =>
        Promise.resolve(
          new UnsecuredJWT({ iss: 'acme', sub: 'acme', aud: gateway.url, jti: 'x' })
            .setExpirationTime('1m')
            .encode(),
        ),
      'algorithm',
    ],
    ['that is none', () => Promise.resolve('abc'), 'not a JSON Web Token'],
  ])('one %s', async (_name, make, words) => {
    expect(await send(await make())).toMatchObject({
      error: 'invalid_client',
      error_description: containing(words),
    })
  })
})

describe('requests that are refused in the terms of RFC 6749', () => {
  const grant = { grant_type: 'client_credentials' }
  test.each([
    ['no grant type', () => ({}), 400, 'invalid_request'],
    ['another grant type', () => ({ grant_type: 'password' }), 400, 'unsupported_grant_type'],
    ['no client', () => grant, 401, 'invalid_client'],
    [
      'an assertion of an unknown type',
      () => ({ ...grant, client_assertion: 'a.b.c' }),
      400,
      'invalid_request',
    ],
    [
      'a parameter twice',
      () => `grant_type=client_credentials&grant_type=client_credentials`,
      400,
      'invalid_request',
    ],
  ])('%s', async (_name, form, status, error) => {
    const answer = await tokenRequest(form())
    expect(answer).toMatchObject({ status, body: { error, code: 'OAUTH_REFUSED', status } })
    expect(answer.headers.get('content-type')).toContain('application/json')
  })

  test('two ways of authentication at once', async () => {
    const answer = await tokenRequest(
      { ...grant, client_id: 'acme', client_secret: secret },
      basic('acme', secret),
    )
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
  })

  test('a body that is no form', async () => {
    const body = JSON.stringify(grant)
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(`${gateway.url}/oauth/token`, { method: 'POST', body, headers })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: 'invalid_request' })
  })

  test('client id and secret are percent-decoded', async () => {
    gateway.issue.client('a+b c', 'default')
    const { secret: text } = await gateway.issue.secret({ client: 'a+b c', ...rights })
    expect(await tokenRequest(grant, basic('a%2Bb+c', text))).toMatchObject({ status: 200 })
    expect(await tokenRequest(grant, basic('100%', text))).toMatchObject({
      status: 401,
      body: { error_description: containing('percent-encoded') },
    })
  })
})

describe('what becomes of tokens', () => {
  test('revoking the credential ends its tokens at once', async () => {
    gateway.issue.client('leaver', 'default')
    const { secret: text, credential } = await gateway.issue.secret({ client: 'leaver', ...rights })
    const { body } = await tokenRequest({ grant_type: 'client_credentials' }, basic('leaver', text))
    const token = String(body['access_token'])
    expect(await whoIs(token)).toMatchObject({ client: 'leaver' })
    gateway.access.clients.change(credential.id, { revoked: Date.now() })
    expect(await whoIs(token)).toMatchObject({ code: 'KEY_REVOKED' })
    expect(await tokenRequest({ grant_type: 'client_credentials' }, basic('leaver', text))).toMatchObject({
      status: 401,
    })
  })

  test('a token holds after the secret of the gateway was renewed', async () => {
    const { body } = await tokenRequest({ grant_type: 'client_credentials' }, basic('acme', secret))
    await gateway.vault.reseal()
    expect(await whoIs(String(body['access_token']))).toMatchObject({ client: 'acme' })
  })

  test('a token of another gateway, a changed one and an unsigned one are refused', async () => {
    const other = await startGateway()
    try {
      other.issue.client('acme', 'default')
      const { credential } = await other.issue.secret({ client: 'acme', ...rights })
      const foreign = await other.access.tokens.own.issue(credential, SCOPES, undefined)
      const [head = '', claims = ''] = foreign.split('.')
      const unsigned = new UnsecuredJWT({ iss: 'tieout', aud: 'tieout', credential: credential.id }).encode()
      for (const token of [foreign, `${head}.${claims}.AAAA`, unsigned])
        expect(await whoIs(token)).toMatchObject({ status: 401, code: 'TOKEN_INVALID' })
    } finally {
      await other.close()
    }
  })

  test('Basic opens the gateway itself, too', async () => {
    const response = await fetch(`${gateway.url}/v1/caller`, { headers: basic('acme', secret) })
    expect(await response.json()).toMatchObject({ client: 'acme', method: 'basic' })
    const wrong = await fetch(`${gateway.url}/v1/caller`, { headers: basic('nobody', secret) })
    expect(await wrong.json()).toMatchObject({ status: 401, code: 'CREDENTIALS_INVALID' })
  })
})
