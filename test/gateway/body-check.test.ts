import { startGateway, type TestGateway } from '../support/gateway'

let gateway: TestGateway
let key: string
beforeAll(async () => {
  gateway = await startGateway()
  key = gateway.key()
})
afterAll(() => gateway.close())

function start(body: string, headers: Record<string, string> = {}): Promise<Response> {
  return gateway.call(key, 'POST', '/v1/workflows/stock/runs', { body, headers })
}

test('a body that does not fit is refused whole, each field by its pointer; nothing was done', async () => {
  const refused = await start('{"kind":"undo","full":"yes"}', { 'idempotency-key': 'a' })
  expect(refused.status).toBe(422)
  expect(await refused.json()).toMatchObject({
    code: 'BODY_INVALID',
    errors: [
      { pointer: '#/kind', detail: 'expected one of sync, plan, reconcile' },
      { pointer: '#/full', detail: 'expected true or false, found a text' },
    ],
  })
  // corrected, it may come with the same key: a refusal is not kept
  expect((await start('{"kind":"plan"}', { 'idempotency-key': 'a' })).status).toBeLessThan(300)
})

test.each([
  'application/json; charset=utf-8',
  'text/json',
  'text/plain',
  'application/x-www-form-urlencoded',
])('JSON is taken as %s, too: middleware sends it so', async (type) => {
  expect((await start('{"kind":"plan","unheardOf":1}', { 'content-type': type })).status).toBeLessThan(300)
})

test('a body that says that it is something else is not taken for JSON', async () => {
  const refused = await start('<run/>', { 'content-type': 'text/xml' })
  expect(refused.status).toBe(415)
  expect(await refused.json()).toMatchObject({
    evidence: { contentType: 'text/xml', formats: 'application/json' },
  })
})

test('a format that nobody has is refused before anything is done', async () => {
  const refused = await start('{"kind":"plan"}', { accept: 'application/x-tea' })
  expect(refused.status).toBe(406)
  expect(await refused.json()).toMatchObject({ evidence: { formats: 'application/json' } })
})
