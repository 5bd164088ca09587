// Who opens the gateway with a key, and what those learn who do not.
import { request } from 'node:http'
import { crc32 } from 'node:zlib'
import { newApiKey } from '../../../gateway/access/api-key'
import { startGateway, type TestGateway } from '../../support/gateway'
import { containing, itemsIn, jsonOf } from '../../support/answers'

let gateway: TestGateway
let hours = 0
const now = (): number => Date.now() + hours * 3_600_000
beforeAll(async () => {
  gateway = await startGateway({ now })
})
afterAll(() => gateway.close())

const caller = (headers: Record<string, string>, query = ''): Promise<Response> =>
  fetch(`${gateway.url}/v1/caller${query}`, { headers })

async function refused(response: Response): Promise<{ status: number; code: string; detail: string }> {
  const { code, detail } = await jsonOf(response)
  return { status: response.status, code: String(code), detail: String(detail) }
}

test('a key opens the gateway, in each of its places', async () => {
  const key = gateway.key()
  const places: Record<string, string>[] = [
    { 'x-api-key': key },
    { authorization: `Bearer ${key}` },
    { authorization: `ApiKey ${key}` },
    { authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}` },
  ]
  for (const headers of places) {
    const response = await caller(headers)
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({
      client: 'acme',
      tenant: 'default',
      method: 'api-key',
      key: key.slice(0, 11),
      apiVersion: '2026-11-23',
    })
  }
})

test('without credentials: 401 with every scheme that is offered', async () => {
  const response = await caller({})
  expect(response.headers.get('www-authenticate')).toBe(
    'Bearer realm="tieout", Basic realm="tieout", charset="UTF-8", ApiKey realm="tieout", header="X-API-Key"',
  )
  expect(await refused(response)).toMatchObject({ status: 401, code: 'CREDENTIALS_MISSING' })
})

test('an unknown key and a wrong one get the same answer', async () => {
  const { key: unknown } = newApiKey()
  const right = gateway.key()
  const wrong = wholeKeyWithIdOf(right)
  const answers = [
    await refused(await caller({ 'x-api-key': unknown })),
    await refused(await caller({ 'x-api-key': wrong })),
  ]
  const texts = answers.map(({ detail, ...rest }) => ({ ...rest, detail: detail.replace(/tk_\w{8}/, 'tk') }))
  expect(texts[0]).toEqual(texts[1])
  expect(texts[0]).toEqual({
    status: 401,
    code: 'CREDENTIALS_INVALID',
    detail: 'The key tk is whole, but not known here.',
  })
})

test.each([
  ['quotes', (key: string) => `"${key}"`, 'quotes around it'],
  ['a space inside', (key: string) => `${key.slice(0, 20)} ${key.slice(20)}`, 'space or line break in it'],
  ['Bearer in the key header', (key: string) => `Bearer ${key}`, "'Bearer' in front of it"],
  ['a cut copy', (key: string) => key.slice(0, -4), '4 of its 61 characters are missing'],
  ['only its visible part', (key: string) => key.slice(0, 11), 'only the visible part'],
  [
    'a changed character',
    (key: string) => key.slice(0, -1) + (key.endsWith('0') ? '1' : '0'),
    'checksum is wrong',
  ],
  ['a character too many', (key: string) => `${key}A`, 'too long by 1'],
  ['a comma behind it', (key: string) => `${key},`, 'comma'],
  ['capitals', (key: string) => key.toUpperCase(), 'wrong case'],
  ['percent-encoding', (key: string) => `${key}%0A`, 'percent-encoded'],
  ['a placeholder', () => '${TIEOUT_KEY}', 'placeholder'],
  ['a variable that is not set', () => 'undefined', 'not set'],
  ['a masked form', () => '********', 'masked'],
  ['the name of the header', (key: string) => `X-API-Key: ${key}`, 'name of the header'],
  ['a key of something else', () => 'sk_live_4711', 'begin with tk_'],
])('%s is named, and the key is not repeated', async (_name, spoil, words) => {
  const key = gateway.key()
  const response = await refused(await caller({ 'x-api-key': spoil(key) }))
  expect(response).toMatchObject({ status: 401, code: 'CREDENTIALS_INVALID' })
  expect(response.detail).toContain(words)
  expect(response.detail).not.toContain(key.slice(12, 40))
})

test('Bearer twice, no scheme, Basic without a colon are named', async () => {
  const key = gateway.key()
  const details = []
  for (const authorization of [
    `Bearer Bearer ${key}`,
    key,
    `Basic ${Buffer.from('acme').toString('base64')}`,
  ])
    details.push((await refused(await caller({ authorization }))).detail)
  expect(details).toEqual([
    expect.stringContaining("'Bearer' in front of it once too often"),
    expect.stringContaining("the key without 'Bearer' in front of it"),
    expect.stringContaining('no colon'),
  ])
})

test('a key in the address is refused, unless the operator takes it', async () => {
  const key = gateway.key()
  expect(await refused(await caller({}, `?api_key=${key}`))).toMatchObject({
    code: 'CREDENTIALS_MISSING',
    detail: containing('would end up in logs'),
  })
  const lenient = await startGateway({ access: { keyInQuery: true } })
  try {
    const response = await fetch(`${lenient.url}/v1/caller?api_key=${lenient.key()}`)
    expect(response.status).toBe(200)
  } finally {
    await lenient.close()
  }
})

test('a revoked and an ended key are told apart, to whoever has the secret', async () => {
  const revoked = gateway.key({ client: 'fired' })
  gateway.access.clients.change(revoked.slice(0, 11), { revoked: now() })
  expect(await refused(await caller({ 'x-api-key': revoked }))).toMatchObject({
    status: 401,
    code: 'KEY_REVOKED',
  })

  const ended = gateway.key({ client: 'guest', expires: now() - 1000 })
  expect(await refused(await caller({ 'x-api-key': ended }))).toMatchObject({
    status: 401,
    code: 'KEY_EXPIRED',
  })
  expect(await refused(await caller({ 'x-api-key': wholeKeyWithIdOf(ended) }))).toMatchObject({
    code: 'CREDENTIALS_INVALID',
  })
})

test('during a rotation both keys work', async () => {
  const old = gateway.key({ client: 'rotating' })
  const next = gateway.key({ client: 'rotating' })
  gateway.access.clients.change(old.slice(0, 11), { expires: now() + 3_600_000 })
  expect((await caller({ 'x-api-key': old })).status).toBe(200)
  expect((await caller({ 'x-api-key': next })).status).toBe(200)
  hours = 2
  expect((await caller({ 'x-api-key': old })).status).toBe(401)
  expect((await caller({ 'x-api-key': next })).status).toBe(200)
  hours = 0
})

test('a revocation is not undone by a request that was on its way', async () => {
  const key = gateway.key({ client: 'racing' })
  const id = key.slice(0, 11)
  gateway.access.clients.change(id, { revoked: now() })
  gateway.access.clients.touch(id, { used: now(), version: '2026-11-23' })
  expect((await caller({ 'x-api-key': key })).status).toBe(401)
})

test('a key keeps the version of its first call; the header asks for another', async () => {
  const key = gateway.key({ client: 'pinned' })
  await caller({ 'x-api-key': key })
  expect(gateway.access.clients.credential(key.slice(0, 11))?.version).toBe('2026-11-23')
  expect((await caller({ 'x-api-key': key, 'tieout-version': '2026-11-23' })).status).toBe(200)
  expect(await refused(await caller({ 'x-api-key': key, 'tieout-version': '2019-01-01' }))).toMatchObject({
    status: 400,
    code: 'VERSION_UNKNOWN',
  })
})

test('what the database holds of a key opens nothing', () => {
  const key = gateway.key({ client: 'hashed' })
  const rows = JSON.stringify(gateway.sql.of('SELECT * FROM credential').all())
  expect(rows).toContain(key.slice(0, 11))
  expect(rows).not.toContain(key.slice(12, 30))
})

test('scopes and rights to workflows are kept', async () => {
  const reader = gateway.key({ client: 'reader', scopes: ['runs:read'], workflows: ['other'] })
  const response = await gateway.call(reader, 'POST', '/v1/workflows/other/runs')
  expect(await refused(response)).toEqual({
    status: 403,
    code: 'SCOPE_NEEDED',
    detail: `The key ${reader.slice(0, 11)} has not the scope runs:write.`,
  })
  expect(await refused(await gateway.call(reader, 'GET', '/v1/workflows/stock'))).toMatchObject({
    status: 404,
    code: 'WORKFLOW_UNKNOWN',
  })
  expect(itemsIn(await jsonOf(await gateway.call(reader, 'GET', '/v1/workflows')))).toEqual([])
})

test('a header that arrives twice is no key', async () => {
  const key = gateway.key()
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const twice = request(`${gateway.url}/v1/caller`, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    twice.setHeader('X-API-Key', [key, key])
    twice.on('error', reject).end()
  })
  expect(status).toBe(401)
})

/** Whole by its checksum, with the id of another key. */
function wholeKeyWithIdOf(key: string): string {
  const body = `${key.slice(0, 12)}${'0'.repeat(43)}`
  return body + checksum(body)
}

function checksum(body: string): string {
  const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
  let rest = crc32(body)
  let text = ''
  while (text.length < 6) {
    text = (digits[rest % 62] ?? '') + text
    rest = Math.floor(rest / 62)
  }
  return text
}
