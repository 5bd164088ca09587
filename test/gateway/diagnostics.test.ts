import { startGateway, type TestGateway } from '../support/gateway'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startGateway()
})
afterAll(() => gateway.close())

async function credentials(headers: Record<string, string>): Promise<unknown> {
  const answer = await fetch(`${gateway.url}/v1/diagnostics`, { headers })
  const text = await answer.text()
  for (const secret of Object.values(headers)) expect(text).not.toContain(JSON.stringify(secret).slice(1, -1))
  return JSON.parse(text)
}

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`

test.each([
  ['x-api-key', '"tk_00000000_abc"', 'api key: it has quotes around it: take them off'],
  ['x-api-key', '${TIEOUT_KEY}', 'api key: it is a placeholder that nobody filled in'],
  [
    'authorization',
    'Bearer Bearer abc',
    "bearer: it has 'Bearer' in front of it once too often: leave that out",
  ],
  ['authorization', 'Bearer "e30.e30.e30"', 'bearer: it has quotes around it: take them off'],
  ['authorization', 'BEARER', 'bearer: it is empty: the variable that should hold it is not set'],
  ['authorization', 'Bearer e30.e30.e30', 'bearer'],
  ['authorization', basic('acme'), 'basic: the base64 text has no colon between the client and its secret'],
  ['authorization', basic('acme:secret'), 'basic'],
  ['authorization', 'ApiKey undefined', 'apikey: it is the text of a variable that is not set'],
  ['authorization', 'Digest realm', 'authorization: it begins with none of Bearer, Basic, ApiKey'],
])(
  'diagnostics name what is wrong with %s: %s as access does, and do not repeat it',
  async (name, value, says) => {
    expect(await credentials({ [name]: value })).toMatchObject({ credentials: [says] })
  },
)

test('a key without a scheme is not taken for the name of one', async () => {
  const key = gateway.key()
  expect(await credentials({ authorization: key })).toMatchObject({
    credentials: ["authorization: it has the key without 'Bearer' in front of it"],
  })
})
