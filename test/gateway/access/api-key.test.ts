import { startGateway, type TestGateway } from '../../support/gateway'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startGateway()
})
afterAll(() => gateway.close())

test('a key opens the gateway, in each of its places', async () => {
  const key = gateway.key()
  const places = [
    { 'x-api-key': key },
    { authorization: `Bearer ${key}` },
    { authorization: `ApiKey ${key}` },
    { authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}` },
  ]
  for (const headers of places) {
    const response = await fetch(`${gateway.url}/v1/caller`, { headers })
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({
      client: 'acme',
      method: 'api-key',
      key: key.slice(0, 11),
      apiVersion: '2026-11-23',
    })
  }
})
