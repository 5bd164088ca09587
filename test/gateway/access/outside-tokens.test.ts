// JSON Web Tokens of an issuer that the operator trusts: who gets in by them, and which of them do not.
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { exportJWK, SignJWT, UnsecuredJWT } from 'jose'
import { portOf } from '../../../bench/lib/port'
import { subjectProof } from '../../../gateway/access/outside-tokens'
import { SCOPES } from '../../../shared/contract/operations/operation'
import { folderWith } from '../../support/folder'
import { startGateway, type TestGateway } from '../../support/gateway'

const ISSUER = 'https://login.example.com/'
const good = generateKeyPairSync('rsa', { modulusLength: 2048 })
const other = generateKeyPairSync('rsa', { modulusLength: 2048 })
const settings = { issuer: ISSUER, audience: 'tieout', algorithms: ['RS256'], claim: 'azp' }

let folder: ReturnType<typeof folderWith>
let gateway: TestGateway
beforeAll(async () => {
  const jwk = { ...(await exportJWK(good.publicKey)), kid: 'k1', alg: 'RS256' }
  folder = folderWith({ 'jwks.json': JSON.stringify({ keys: [jwk] }) })
  const jwks = join(folder.path, 'jwks.json')
  gateway = await startGateway({ access: { issuers: [{ name: 'corp', jwks, ...settings }] } })
  gateway.issue.client('acme', 'default')
  const rights = { client: 'acme', scopes: SCOPES, workflows: 'all', addresses: [] } as const
  gateway.issue.registered(rights, 'subject', subjectProof('corp', 'erp'))
})
afterAll(async () => {
  await gateway.close()
  folder.remove()
})

interface Made {
  claims?: Readonly<Record<string, unknown>>
  alg?: string
  key?: KeyObject | Uint8Array
  header?: Record<string, unknown>
}

function token({
  claims = {},
  alg = 'RS256',
  key = good.privateKey,
  header = {},
}: Made = {}): Promise<string> {
  const seconds = Math.floor(Date.now() / 1000)
  const usual = { iss: ISSUER, aud: 'tieout', azp: 'erp', exp: seconds + 300 }
  const given = Object.entries({ ...usual, ...claims }).filter(
    (entry: [string, unknown]) => entry[1] !== undefined,
  )
  return new SignJWT(Object.fromEntries(given)).setProtectedHeader({ alg, kid: 'k1', ...header }).sign(key)
}

async function caller(text: string): Promise<unknown> {
  const headers = { authorization: `Bearer ${text}` }
  return (await fetch(`${gateway.url}/v1/caller`, { headers })).json()
}

test('a good token is the client that its claim was registered for', async () => {
  expect(await caller(await token())).toMatchObject({ client: 'acme', method: 'jwt' })
})

test('a good token of somebody who is not registered opens nothing', async () => {
  expect(await caller(await token({ claims: { azp: 'somebody' } }))).toMatchObject({
    status: 401,
    code: 'CREDENTIALS_INVALID',
    evidence: { issuer: 'corp', claim: 'azp' },
  })
})

const seconds = Math.floor(Date.now() / 1000)
test.each<[string, Made, string]>([
  ['for another audience', { claims: { aud: 'elsewhere' } }, 'claim aud'],
  ['that has ended', { claims: { exp: seconds - 120 } }, 'expired'],
  ['that is not valid yet', { claims: { nbf: seconds + 600 } }, 'claim nbf'],
  ['that never ends', { claims: { exp: undefined } }, 'claim exp'],
  ['without the claim', { claims: { azp: undefined } }, 'claim azp'],
  ['of another issuer', { claims: { iss: 'https://elsewhere.example.com/' } }, 'issuer'],
  ['signed with another key', { key: other.privateKey }, 'signature'],
  ['with a key id that is a path', { header: { kid: '../../etc/passwd' } }, 'key'],
  ['with an algorithm that is not allowed', { alg: 'PS256' }, 'algorithm'],
  [
    'signed with the public key as a shared secret',
    { alg: 'HS256', key: Buffer.from(good.publicKey.export({ type: 'spki', format: 'pem' })) },
    'algorithm',
  ],
])('a token %s is refused', async (_name, made, reason) => {
  expect(await caller(await token(made))).toMatchObject({
    status: 401,
    code: 'TOKEN_INVALID',
    evidence: { reason },
  })
})

test('a token without a signature, and one whose claims were changed, are refused', async () => {
  const unsigned = new UnsecuredJWT({ iss: ISSUER, aud: 'tieout', azp: 'erp' })
    .setExpirationTime('5m')
    .encode()
  expect(await caller(unsigned)).toMatchObject({ code: 'TOKEN_INVALID', evidence: { reason: 'algorithm' } })
  const [head = '', , signature = ''] = (await token()).split('.')
  const claims = Buffer.from(JSON.stringify({ iss: ISSUER, aud: 'tieout', azp: 'erp', exp: seconds + 9999 }))
  expect(await caller(`${head}.${claims.toString('base64url')}.${signature}`)).toMatchObject({
    code: 'TOKEN_INVALID',
    evidence: { reason: 'signature' },
  })
})

test('who sends tokens that ended is held up, and the others are not', async () => {
  const shared = await startGateway({
    access: {
      issuers: [{ name: 'corp', jwks: join(folder.path, 'jwks.json'), ...settings }],
      trustedHops: ['127.0.0.1/32'],
    },
  })
  const rights = { client: 'acme', scopes: SCOPES, workflows: 'all', addresses: [] } as const
  shared.issue.client('acme', 'default')
  for (const name of ['erp', 'shop']) shared.issue.registered(rights, 'subject', subjectProof('corp', name))
  const status = async (azp: string, exp: number, address: string): Promise<number> => {
    const authorization = `Bearer ${await token({ claims: { azp, exp } })}`
    const headers = { authorization, 'x-forwarded-for': address }
    return (await fetch(`${shared.url}/v1/caller`, { headers })).status
  }
  for (let at = 0; at < 10; at++) expect(await status('erp', seconds - 600, '203.0.113.1')).toBe(401)
  expect(await status('erp', seconds + 300, '203.0.113.2')).toBe(429)
  expect(await status('shop', seconds + 300, '203.0.113.2')).toBe(200)
  await shared.close()
})

test('keys are fetched from the address of the issuer; when it is away, that is said', async () => {
  let keys: object | undefined = { keys: [{ ...(await exportJWK(good.publicKey)), kid: 'k1', alg: 'RS256' }] }
  const server = createServer((_request, response) => {
    response
      .writeHead(keys ? 200 : 500, { 'content-type': 'application/json' })
      .end(JSON.stringify(keys ?? {}))
  })
  server.unref()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const jwks = `http://127.0.0.1:${String(portOf(server))}/jwks`
  const start = (): Promise<TestGateway> =>
    startGateway({ access: { issuers: [{ name: 'corp', jwks, ...settings }] } })
  const remote = await start()
  const ask = async ({ url }: TestGateway): Promise<unknown> =>
    (await fetch(`${url}/v1/caller`, { headers: { authorization: `Bearer ${await token()}` } })).json()
  remote.issue.client('acme', 'default')
  const rights = { client: 'acme', scopes: SCOPES, workflows: 'all', addresses: [] } as const
  remote.issue.registered(rights, 'subject', subjectProof('corp', 'erp'))
  expect(await ask(remote)).toMatchObject({ client: 'acme', method: 'jwt' })
  await remote.close()

  keys = undefined
  const cut = await start()
  for (let at = 0; at < 12; at++)
    expect(await ask(cut)).toMatchObject({ code: 'TOKEN_INVALID', evidence: { reason: 'key set' } })
  await cut.close()
})
