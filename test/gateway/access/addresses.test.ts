// Where a request came from, and who may say so.
import { request } from 'node:http'
import { X509Certificate } from 'node:crypto'
import * as fc from 'fast-check'
import { fingerprintOf } from '../../../gateway/access/certificate'
import { Hops } from '../../../gateway/access/hops'
import { Networks } from '../../../gateway/access/networks'
import { DEFAULT_ACCESS } from '../../../gateway/access/settings'
import { SCOPES } from '../../../shared/contract/operations/operation'
import { Authority } from '../../support/certificates'
import { startGateway, type TestGateway } from '../../support/gateway'
import { jsonOf } from '../../support/answers'

const rights = { scopes: SCOPES, workflows: 'all' } as const

async function problem(response: Response): Promise<unknown> {
  const { status, code, evidence } = await jsonOf(response)
  return { status, code, evidence }
}

describe('networks', () => {
  test.each([
    ['203.0.113.7', ['203.0.113.7'], true],
    ['203.0.113.8', ['203.0.113.7'], false],
    ['10.1.2.3', ['10.0.0.0/8'], true],
    ['11.1.2.3', ['10.0.0.0/8'], false],
    ['::ffff:10.1.2.3', ['10.0.0.0/8'], true],
    ['2001:db8::1', ['2001:db8::/32'], true],
    ['2001:db9::1', ['2001:db8::/32'], false],
    ['fe80::1%eth0', ['fe80::/10'], true],
    ['not an address', ['0.0.0.0/0', '::/0'], false],
  ])('%s in %j: %s', (address, networks, expected) => {
    expect(new Networks(networks).has(address)).toBe(expected)
  })

  test.each([
    '10.0.0.0/33',
    '10.0.0/8',
    'example.com',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0.0/-1',
    '::/129',
    '',
  ])('%j is no network', (text) => {
    expect(() => new Networks([text])).toThrow(RangeError)
  })
})

describe('hops', () => {
  const from = (forwardedBy: 'x-forwarded-for' | 'forwarded', trustedHops: string[]) => {
    const hops = new Hops({ ...DEFAULT_ACCESS, forwardedBy, trustedHops })
    return (address: string, headers: Record<string, string>): string =>
      hops.client({ address, headers, certificate: undefined }).address
  }
  const plain = from('x-forwarded-for', ['10.0.0.0/8'])
  const standard = from('forwarded', ['10.0.0.0/8', 'fd00::/8'])

  test('the last address before the trusted ones counts', () => {
    expect(plain('10.0.0.1', { 'x-forwarded-for': '203.0.113.7' })).toBe('203.0.113.7')
    expect(plain('10.0.0.1', { 'x-forwarded-for': '198.51.100.1, 203.0.113.7, 10.0.0.2' })).toBe(
      '203.0.113.7',
    )
    expect(plain('10.0.0.1', { 'x-forwarded-for': '203.0.113.7:4711' })).toBe('203.0.113.7')
    expect(plain('10.0.0.1', {})).toBe('10.0.0.1')
    expect(standard('10.0.0.1', { forwarded: 'for=198.51.100.1;proto=https, For="203.0.113.7:4711"' })).toBe(
      '203.0.113.7',
    )
    expect(standard('fd00::1', { forwarded: 'for="[2001:db8::1]:4711"' })).toBe('2001:db8::1')
  })

  test('nobody else is believed, and neither is the other header', () => {
    expect(plain('203.0.113.9', { 'x-forwarded-for': '10.0.0.9' })).toBe('203.0.113.9')
    expect(plain('10.0.0.1', { forwarded: 'for=192.0.2.1', 'x-forwarded-for': '203.0.113.7' })).toBe(
      '203.0.113.7',
    )
  })

  test('whatever a client writes, the address that the trusted hop saw is taken', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (claim) => {
        expect(plain('10.0.0.1', { 'x-forwarded-for': `${claim}, 203.0.113.7` })).toBe('203.0.113.7')
      }),
    )
  })
})

describe('a gateway that stands alone', () => {
  let gateway: TestGateway
  beforeAll(async () => {
    gateway = await startGateway()
  })
  afterAll(() => gateway.close())

  test('a key works only from its networks, and X-Forwarded-For does not help', async () => {
    const here = gateway.key({ client: 'here', addresses: ['127.0.0.0/8'] })
    const there = gateway.key({ client: 'there', addresses: ['203.0.113.0/24'] })
    expect((await gateway.call(here, 'GET', '/v1/caller')).status).toBe(200)
    const headers = { 'x-forwarded-for': '203.0.113.7', forwarded: 'for=203.0.113.7' }
    expect(await problem(await gateway.call(there, 'GET', '/v1/caller', { headers }))).toEqual({
      status: 403,
      code: 'ADDRESS_NOT_ALLOWED',
      evidence: { key: there.slice(0, 11), address: '127.0.0.1' },
    })
  })

  test('Client-Cert from anybody is not looked at', async () => {
    const authority = new Authority()
    const certificate = new X509Certificate(authority.issue({ name: 'acme' }).cert)
    gateway.issue.client('acme', 'default')
    gateway.issue.registered(
      { client: 'acme', ...rights, addresses: [] },
      'certificate',
      fingerprintOf(certificate),
    )
    const headers = { 'client-cert': `:${certificate.raw.toString('base64')}:` }
    const response = await fetch(`${gateway.url}/v1/caller`, { headers })
    expect(await problem(response)).toMatchObject({ status: 401, code: 'CREDENTIALS_MISSING' })
    const shown = await jsonOf(await fetch(`${gateway.url}/v1/diagnostics`, { headers }))
    expect(shown['headers']).not.toHaveProperty('client-cert')
    authority.remove()
  })
})

describe('a gateway behind a proxy that it trusts', () => {
  let gateway: TestGateway
  let authority: Authority
  beforeAll(async () => {
    authority = new Authority()
    gateway = await startGateway({ access: { trustedHops: ['127.0.0.1'] } })
  })
  afterAll(async () => {
    await gateway.close()
    authority.remove()
  })

  test('the address is the one that it saw', async () => {
    const there = gateway.key({ client: 'there', addresses: ['203.0.113.0/24'] })
    const call = (from: string): Promise<Response> =>
      gateway.call(there, 'GET', '/v1/caller', { headers: { 'x-forwarded-for': from } })
    expect((await call('203.0.113.7')).status).toBe(200)
    expect((await call('203.0.113.7, 198.51.100.1')).status).toBe(403)
  })

  test('the certificate is the one that it says (RFC 9440)', async () => {
    const certificate = new X509Certificate(authority.issue({ name: 'acme' }).cert)
    gateway.issue.client('acme', 'default')
    gateway.issue.registered(
      { client: 'acme', ...rights, addresses: [] },
      'certificate',
      fingerprintOf(certificate),
    )
    const call = (value: string): Promise<Response> =>
      fetch(`${gateway.url}/v1/caller`, { headers: { 'client-cert': value } })
    expect(await (await call(`:${certificate.raw.toString('base64')}:`)).json()).toMatchObject({
      client: 'acme',
      method: 'certificate',
    })
    for (const broken of ['abc', ':abc:', certificate.toString().replaceAll('\n', ' ')])
      expect(await problem(await call(broken))).toMatchObject({ status: 401, code: 'CREDENTIALS_INVALID' })
  })

  test('the header of the address arrives in several lines, too', async () => {
    const there = gateway.key({ client: 'lines', addresses: ['203.0.113.0/24'] })
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const lines = request(`${gateway.url}/v1/caller`, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
      lines.setHeader('X-API-Key', there)
      lines.setHeader('X-Forwarded-For', ['198.51.100.1', '203.0.113.7'])
      lines.on('error', reject).end()
    })
    expect(status).toBe(200)
  })
})
