// Who tried to get in is written down, and nobody can fill the log by trying.
import { newApiKey } from '../../../gateway/access/api-key'
import type { AuditEntry } from '../../../gateway/audit/entry'
import { SCOPES } from '../../../shared/contract/operations/operation'
import { matching } from '../../support/answers'
import { startGateway, type TestGateway } from '../../support/gateway'

let gateway: TestGateway
let time = Date.UTC(2026, 10, 23, 1)
beforeAll(async () => {
  gateway = await startGateway({ now: () => time, access: { trustedHops: ['127.0.0.1'] } })
})
afterAll(() => gateway.close())
let seen = 0
beforeEach(() => {
  time += 24 * 3_600_000
  seen = gateway.audit.latest(1)[0]?.number ?? 0
})

/** What was written since the test began; it is written after the answers. */
async function written(): Promise<AuditEntry[]> {
  await new Promise((done) => setTimeout(done, 20))
  gateway.audit.verify()
  return gateway.audit.list({ after: seen, limit: 2000 })
}

const from = (address: string): Record<string, string> => ({ 'x-forwarded-for': address })
const caller = (key: string, address = '192.0.2.1'): Promise<Response> =>
  gateway.call(key, 'GET', '/v1/caller', { headers: from(address) })
const basic = (name: string, secret: string): string =>
  `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`
const asBasic = (name: string, secret: string): Promise<Response> =>
  fetch(`${gateway.url}/v1/caller`, { headers: { authorization: basic(name, secret) } })
const token = (name: string, secret: string): Promise<Response> =>
  fetch(`${gateway.url}/oauth/token`, {
    method: 'POST',
    headers: { authorization: basic(name, secret) },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  })

test('a wrong key, a revoked one and one from elsewhere, with where it came from', async () => {
  const { key: wrong } = newApiKey()
  await caller(wrong)
  const revoked = gateway.key()
  gateway.access.clients.change(revoked.slice(0, 11), { revoked: time - 1 })
  await caller(revoked)
  await caller(gateway.key({ client: 'bound', addresses: ['10.0.0.0/8'] }))
  await caller('no key at all')
  await fetch(`${gateway.url}/v1/caller`)
  expect(await written()).toMatchObject([
    {
      who: 'unknown',
      key: wrong.slice(0, 11),
      operation: 'getCaller',
      object: '/v1/caller',
      address: '192.0.2.1',
      result: '401 CREDENTIALS_INVALID',
      request: matching(/^req_/),
    },
    { who: 'acme', key: revoked.slice(0, 11), result: '401 KEY_REVOKED' },
    { who: 'bound', result: '403 ADDRESS_NOT_ALLOWED' },
  ])
})

test('one entry per key that is known or per address, and minute; the lock-out is one of its own', async () => {
  for (let at = 0; at < 40; at++) await caller(newApiKey().key, '192.0.2.7')
  expect((await written()).map(({ result, address }) => [result, address])).toEqual([
    ['401 CREDENTIALS_INVALID', '192.0.2.7'],
    ['429 CREDENTIALS_LOCKED', '192.0.2.7'],
  ])
  time += 60_000
  await caller(newApiKey().key, '192.0.2.7')
  expect(await written()).toHaveLength(3)
})

test('a flood from everywhere does not fill it', async () => {
  const { key } = newApiKey()
  for (let at = 0; at < 1100; at++) await caller(key, `198.51.${String(at % 256)}.${String(at >> 8)}`)
  expect(await written()).toHaveLength(1000)
}, 30_000)

test('a name that nobody has here is not kept: it may be a password', async () => {
  await asBasic('canary-password', 'x')
  gateway.issue.client('known', 'default')
  await asBasic('known', 'canary-password')
  const entries = await written()
  expect(entries.map(({ who }) => who)).toEqual(['unknown', 'known'])
  expect(JSON.stringify(entries)).not.toContain('canary')
})

test('tokens given out and refused', async () => {
  gateway.issue.client('oauth', 'default')
  const rights = { client: 'oauth', scopes: SCOPES, workflows: 'all', addresses: [] } as const
  const { secret, credential } = await gateway.issue.secret(rights)
  for (let at = 0; at < 3; at++) expect((await token('oauth', secret)).status).toBe(200)
  expect((await token('oauth', 'wrong')).status).toBe(401)
  expect(await written()).toMatchObject([
    { who: 'oauth', key: credential.id, operation: 'createToken', object: '/oauth/token', result: '200' },
    { who: 'oauth', operation: 'createToken', result: '401 invalid_client' },
  ])
})
