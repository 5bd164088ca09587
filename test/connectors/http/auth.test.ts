import type { DataRecord } from '../../../shared/core/record/value'
import { signer } from '../../../shared/adapters/signer'
import { Authority } from '../../support/certificates'
import { startFaultyApi, type FaultyApiOptions } from '../../support/faulty-api'
import { startOAuth, type OAuthOptions } from '../../support/oauth'
import { faultOf, open, products, rowsOf } from './connect'

type Auth = NonNullable<FaultyApiOptions['auth']>

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()))
})

async function reading(
  check: Auth,
  settings: DataRecord,
  files: Record<string, string> = {},
  api: FaultyApiOptions = {},
) {
  const server = await startFaultyApi({
    records: products(30),
    paging: 'page',
    pageSize: 10,
    ...api,
    auth: check,
  })
  opened.push(server)
  const { connection, source } = await open({ baseUrl: server.url, concurrency: 1, ...settings }, files)
  opened.push(connection)
  return {
    server,
    rows: async () =>
      await rowsOf(await source({ records: '/items', total: '/total', paging: { type: 'page' } })),
  }
}

const header =
  (name: string, value: string): Auth =>
  ({ headers }) =>
    headers[name] === value

describe('static credentials', () => {
  test.each([
    [
      'basic',
      { type: 'basic', username: 'robot', password: 'pä:ss' },
      header('authorization', `Basic ${Buffer.from('robot:pä:ss').toString('base64')}`),
    ],
    ['bearer', { type: 'bearer', token: 'secret-token' }, header('authorization', 'Bearer secret-token')],
    ['a key in a header', { type: 'apiKey', name: 'X-Api-Key', value: 'k1' }, header('x-api-key', 'k1')],
    [
      'a key with the scheme that the service gave it',
      { type: 'apiKey', name: 'Authorization', value: 'Token abc' },
      header('authorization', 'Token abc'),
    ],
    [
      'a key in the query',
      { type: 'apiKey', in: 'query', name: 'key', value: 'k1' },
      ({ url }) => url.searchParams.get('key') === 'k1',
    ],
  ] as [string, DataRecord, Auth][])('%s', async (_, auth, check) => {
    const { rows } = await reading(check, { auth })
    expect(await rows()).toHaveLength(30)
  })

  test('what is refused names no secret', async () => {
    for (const auth of [
      { type: 'basic', username: 'robot', password: 'hidden-one' },
      { type: 'bearer', token: 'hidden-one' },
      { type: 'apiKey', in: 'query', name: 'key', value: 'hidden-one' },
    ]) {
      const { rows } = await reading(() => false, { auth })
      const fault = await faultOf(rows())
      expect(fault).toMatchObject({ code: 'UNAUTHORIZED', then: 'stop' })
      expect(JSON.stringify([fault.message, fault.evidence])).not.toContain('hidden-one')
    }
  })

  test.each([
    [{ type: 'bearer', token: 'Bearer abc' }, 'Bearer'],
    [{ type: 'bearer', token: '"abc"' }, 'quotes'],
    [{ type: 'bearer', token: 'abc\n' }, 'line break'],
    [{ type: 'basic', username: 'a:b', password: 'x' }, 'colon'],
  ])('what was pasted along with a secret is named: %j', async (auth, why) => {
    const fault = await faultOf(reading(() => true, { auth }))
    expect(fault.code).toBe('CREDENTIAL_MALFORMED')
    expect(fault.detail).toContain(why)
  })

  test('a signature over method, path, time and body, as declared', async () => {
    const auth = {
      type: 'hmac',
      secret: 's',
      keyId: 'me',
      timestampHeader: 'X-Time',
      value: 'HMAC {keyId}:{signature}',
      header: 'Authorization',
    }
    const check: Auth = ({ method, url, headers, body }) => {
      const digest = signer.digest('sha256', body, 'hex')
      const signed = `${method}\n${url.pathname}${url.search}\n${String(headers['x-time'])}\n${digest}`
      return headers.authorization === `HMAC me:${signer.hmac('sha256', 's', signed, 'hex')}`
    }
    const { rows } = await reading(check, { auth })
    expect(await rows()).toHaveLength(30)
  })

  test('a client certificate and a private authority, from files', async () => {
    const authority = new Authority()
    const { cert, key } = authority.issue({ name: 'robot' })
    const tls = { ...authority.issue(), ca: authority.cert, requestCert: true }
    const auth = { type: 'clientCertificate', cert: 'robot.pem', key: 'robot.key' }
    const files = { 'ca.pem': authority.cert, 'robot.pem': cert, 'robot.key': key }
    const { rows } = await reading(() => true, { auth, ca: 'ca.pem' }, files, { tls })
    expect(await rows()).toHaveLength(30)
    authority.remove()
  })
})

describe('OAuth client credentials', () => {
  async function secured(
    options: Partial<OAuthOptions> & Pick<OAuthOptions, 'method'>,
    auth: DataRecord = {},
    api: FaultyApiOptions = {},
  ) {
    const oauth = await startOAuth({ clientId: 'me +%', clientSecret: 's/e=c ret', ...options })
    opened.push(oauth)
    const settings = {
      auth: {
        type: 'oauth2',
        tokenUrl: oauth.tokenUrl,
        clientId: 'me +%',
        clientSecret: 's/e=c ret',
        method: options.method,
        ...auth,
      },
    }
    return { oauth, ...(await reading(oauth.accepts, settings, { 'key.pem': oauth.privateKey }, api)) }
  }

  const assertion = { key: 'key.pem', algorithm: 'ES256', keyId: 'k1' }
  test.each([
    ['clientSecretBasic', {}],
    ['clientSecretPost', {}],
    ['privateKeyJwt', assertion],
  ] as const)('%s: one token for all calls', async (method, auth) => {
    const { oauth, rows } = await secured(
      { method, scope: 'read', audience: 'api' },
      { ...auth, scope: 'read', audience: 'api' },
    )
    expect(await rows()).toHaveLength(30)
    expect(oauth.issued).toBe(1)
  })

  test('a token that is refused in the middle of a run is replaced once, and no record is lost', async () => {
    const running: { revoke?: () => void } = {}
    const fault = ({ number }: { number: number }) => {
      if (number === 2) running.revoke?.()
      return undefined
    }
    const { oauth, rows } = await secured({ method: 'clientSecretBasic' }, {}, { fault })
    running.revoke = () => {
      oauth.revoke()
    }
    expect(await rows()).toEqual(products(30))
    expect(oauth.issued).toBe(2)
  })

  test('a token is renewed before it ends', async () => {
    const { oauth, rows } = await secured({ method: 'clientSecretBasic', lifetime: 0.01 })
    await rows()
    await new Promise((resolve) => setTimeout(resolve, 20))
    await rows()
    expect(oauth.issued).toBeGreaterThan(1)
  })

  test('a fresh token that is refused too ends the run', async () => {
    const oauth = await startOAuth({ method: 'clientSecretBasic', clientId: 'me', clientSecret: 's' })
    opened.push(oauth)
    const auth = { type: 'oauth2', tokenUrl: oauth.tokenUrl, clientId: 'me', clientSecret: 's' }
    const { rows } = await reading(() => false, { auth })
    expect((await faultOf(rows())).code).toBe('UNAUTHORIZED')
    expect(oauth.issued).toBe(2)
  })

  test.each([
    ['an unknown client', { method: 'clientSecretPost' }, { clientSecret: 'other' }, 'OAUTH_CLIENT_REFUSED'],
    [
      'an unknown scope',
      { method: 'clientSecretPost', scope: 'read' },
      { scope: 'all' },
      'OAUTH_REQUEST_REFUSED',
    ],
    [
      'a key of another kind',
      { method: 'privateKeyJwt' },
      { ...assertion, algorithm: 'RS256' },
      'KEY_UNUSABLE',
    ],
  ] as const)('%s is named', async (_, options, auth, code) => {
    const { rows } = await secured(options, auth)
    const fault = await faultOf(rows())
    expect(fault).toMatchObject({ code, then: 'stop' })
    expect(JSON.stringify([fault.message, fault.evidence])).not.toContain('s/e=c ret')
  })

  test.each([
    [{ status: 200, body: { hello: 'world' } }],
    [{ status: 404, body: 'no such page' }],
    [{ status: 400, body: { message: 'unknown path' } }],
  ])('a token URL that is none: %j', async (answer) => {
    const wrong = await startFaultyApi({ fault: () => ({ do: 'answer', ...answer }) })
    opened.push(wrong)
    const { rows } = await secured({ method: 'clientSecretPost' }, { tokenUrl: `${wrong.url}/token` })
    const fault = await faultOf(rows())
    expect(fault.code).toBe('TOKEN_ANSWER_INVALID')
    expect(fault.detail).toMatch(/localhost:\d+\/token answered \d+ without an access_token$/)
  })

  test('a token that comes with 201 is one', async () => {
    const tokens = await startFaultyApi({
      fault: () => ({ do: 'answer', status: 201, body: { access_token: 'T', expires_in: '60' } }),
    })
    opened.push(tokens)
    const auth = { type: 'oauth2', tokenUrl: tokens.url, clientId: 'me', clientSecret: 's' }
    const { rows } = await reading(header('authorization', 'Bearer T'), { auth })
    expect(await rows()).toHaveLength(30)
  })
})
