// No operation is deprecated yet, so the table is given one for these tests.
import { fromContract } from '../../openapi/emit/from-contract'
import { operations } from '../../shared/contract/operations'
import { startGateway, type TestGateway } from '../support/gateway'

const deprecated = { since: '2026-11-23', sunset: '2027-11-23', successor: '/v2/runs' }
let gateway: TestGateway
beforeAll(async () => {
  Object.assign(operations.listRuns, { deprecated })
  gateway = await startGateway()
})
afterAll(() => gateway.close())

test('every answer of a deprecated operation says since when, until when and what to use instead', async () => {
  const key = gateway.key()
  for (const path of ['/v1/runs', '/v1/runs?limit=none']) {
    const { headers } = await gateway.call(key, 'GET', path)
    expect(headers.get('deprecation')).toBe('@1795392000')
    expect(headers.get('sunset')).toBe('Tue, 23 Nov 2027 00:00:00 GMT')
    expect(headers.get('link')).toContain(`<${gateway.url}/v2/runs>; rel="successor-version"`)
  }
  expect((await gateway.call(key, 'GET', '/v1/workflows')).headers.get('deprecation')).toBeNull()
})

test('the links of the answer itself stay', async () => {
  const key = gateway.key()
  for (let runs = 0; runs < 2; runs++)
    await gateway.call(key, 'POST', '/v1/workflows/stock/runs', {
      body: { kind: 'plan' },
      headers: { prefer: 'wait=20' },
    })
  const link = (await gateway.call(key, 'GET', '/v1/runs?limit=1')).headers.get('link')
  expect(link).toMatch(/rel="next", <.*rel="successor-version"/)
})

test('the OpenAPI document marks it', () => {
  const { get } = fromContract({ openapi: '3.1', version: '2026-11-23' }).paths['/v1/runs'] ?? {}
  expect(get).toMatchObject({ deprecated: true, 'x-tieout-sunset': '2027-11-23' })
})

test('documents are served with the address under which the gateway was asked', async () => {
  for (const [path, openapi] of [
    ['/openapi.json', '3.1.1'],
    ['/openapi-3.0.json', '3.0.4'],
  ] as const) {
    const document: unknown = await (await fetch(gateway.url + path)).json()
    expect(document).toMatchObject({ openapi, servers: [{ url: gateway.url }], paths: { '/v1/caller': {} } })
  }
})
