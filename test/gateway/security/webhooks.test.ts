// Webhooks from end to end: a real run makes events, a real receiver gets them and checks the signature by itself.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as elapsed } from 'node:timers/promises'
import { startGateway, type TestGateway } from '../../support/gateway'
import { asObject, asObjects, objectIn } from '../../support/json'
import { textOf, type DataRecord } from '../../../shared/core/record/value'
import { FILES } from '../errors/files'

interface Received {
  id: string
  timestamp: string
  signature: string
  body: string
  headers: IncomingHttpHeaders
}

let receiver: Server
let received: Received[]
/** What the receiver answers, in turn; then 204. */
let answers: { status: number; headers?: Record<string, string> }[]
/** What an answer of an address waits for. */
let held: (path: string) => Promise<void>
let gateway: TestGateway
let key: string
let skewMs: number

beforeEach(async () => {
  received = []
  answers = []
  held = () => Promise.resolve()
  skewMs = 0
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { headers } = request
      received.push({
        id: String(headers['webhook-id']),
        timestamp: String(headers['webhook-timestamp']),
        signature: String(headers['webhook-signature']),
        body: Buffer.concat(chunks).toString(),
        headers,
      })
      const { status, headers: more = {} } = answers.shift() ?? { status: 204 }
      void held(request.url ?? '').then(() => response.writeHead(status, more).end())
    })
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  gateway = await startGateway({
    files: FILES,
    allowedHosts: [`127.0.0.1:${String(port())}`],
    now: () => Date.now() + skewMs,
    webhooksEveryMs: 50,
  })
  key = gateway.key()
})
afterEach(async () => {
  await gateway.close()
  receiver.closeAllConnections()
  receiver.close()
})

function port(): number {
  const address: AddressInfo | string | null = receiver.address()
  if (typeof address !== 'object' || address === null) throw new Error('the receiver does not listen')
  return address.port
}

async function call(method: string, path: string, body?: object): Promise<DataRecord> {
  const answer = await gateway.call(key, method, path, body === undefined ? {} : { body })
  return objectIn(await answer.text())
}

const register = (types: string[] = []): Promise<DataRecord> =>
  call('POST', '/v1/webhooks', { url: `http://127.0.0.1:${String(port())}/hook`, types })

/** Two exceptions at the least, so that there are events. */
async function makeEvents(): Promise<void> {
  await gateway.call(key, 'POST', '/v1/workflows/stock/records', {
    headers: { 'content-type': 'text/csv', prefer: 'wait=20' },
    body: 'sku,quantity\nA1,many\nA2,more\n',
  })
}

async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 100; i++) {
    if (await what()) return
    await elapsed(50)
  }
  throw new Error('it did not come to pass')
}

async function state(): Promise<DataRecord> {
  return asObject(asObjects((await call('GET', '/v1/webhooks'))['items'])[0])
}

/** As the specification of Standard Webhooks says, with nothing of the gateway's own. */
function isSigned({ id, timestamp, signature, body }: Received, secret: string): boolean {
  const bytes = Buffer.from(secret.replace('whsec_', ''), 'base64')
  const expected = createHmac('sha256', bytes).update(`${id}.${timestamp}.${body}`).digest()
  return signature.split(' ').some((one) => {
    const [version, text = ''] = one.split(',')
    const given = Buffer.from(text, 'base64')
    return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected)
  })
}

test('every event of a run arrives once, in order, signed; the secret is told once and shown nowhere', async () => {
  const secret = textOf((await register())['secret'])
  expect(Buffer.from(secret.replace('whsec_', ''), 'base64').length).toBeGreaterThanOrEqual(24)
  await makeEvents()
  const { items } = await call('GET', '/v1/events')
  const events = asObjects(items)
  expect(events.length).toBeGreaterThan(1)
  await until(() => received.length === events.length)
  expect(received.map(({ body }) => objectIn(body)['type'])).toEqual(events.map(({ type }) => type))
  expect(new Set(received.map(({ id }) => id)).size).toBe(events.length)
  expect(received.every((one) => isSigned(one, secret))).toBe(true)
  expect(received.some((one) => isSigned({ ...one, body: `${one.body} ` }, secret))).toBe(false)
  expect(Math.abs(Date.now() / 1000 - Number(received[0]?.timestamp))).toBeLessThan(30)
  expect(received[0]?.headers['content-type']).toBe('application/json')
  expect(JSON.stringify(await state())).not.toContain('whsec_')
})

test('only the kinds that were asked for', async () => {
  await register(['exception.resolved'])
  await makeEvents()
  await elapsed(300)
  expect(received).toEqual([])
})

test('what does not get through is tried again later under the same id, and nothing overtakes it', async () => {
  answers = [{ status: 500 }]
  await register()
  await makeEvents()
  await until(() => received.length === 1)
  await until(async () => (await state())['state'] === 'failing')
  expect(await state()).toMatchObject({ lastFailure: { reason: 'answered 500' } })
  skewMs += 6000
  await until(() => received.length >= 3)
  const [first, second, third] = received
  expect(second?.id).toBe(first?.id)
  expect(third?.id).not.toBe(first?.id)
  await until(async () => (await state())['state'] === 'active')
  expect(await state()).not.toHaveProperty('lastFailure')
})

test('it waits as long as it is asked to', async () => {
  answers = [{ status: 429, headers: { 'retry-after': '600' } }]
  await register()
  await makeEvents()
  await until(() => received.length === 1)
  skewMs += 590_000
  await elapsed(200)
  expect(received).toHaveLength(1)
  skewMs += 20_000
  await until(() => received.length > 1)
})

test('one that asks for a year is asked again before it is given up, and one that is not there is told as that', async () => {
  answers = [{ status: 503, headers: { 'retry-after': '31536000' } }]
  await register()
  await makeEvents()
  await until(() => received.length === 1)
  receiver.closeAllConnections()
  await new Promise((resolve) => receiver.close(resolve))
  skewMs += 86_400_000
  await until(async () => textOf(asObject((await state())['lastFailure'])['reason']).includes('no answer'))
  expect(await state()).toMatchObject({
    lastFailure: { reason: expect.stringMatching(/^gave no answer: ECONN/) as unknown },
  })
})

test('one that is ended while something is being sent to it gets nothing more', async () => {
  const { id } = await register()
  let arrived = 0
  let go = (): void => undefined
  const waited = new Promise<void>((resolve) => (go = resolve))
  held = () => {
    arrived++
    return waited
  }
  await makeEvents()
  await until(() => arrived === 1)
  await call('DELETE', `/v1/webhooks/${textOf(id)}`)
  go()
  await elapsed(300)
  expect(arrived).toBe(1)
  expect((await call('GET', '/v1/webhooks'))['items']).toEqual([])
})

test('one that answers late holds up no other, and is told how much waits for it', async () => {
  await register()
  held = (path) => (path === '/hook' ? new Promise(() => undefined) : Promise.resolve())
  await call('POST', '/v1/webhooks', { url: `http://127.0.0.1:${String(port())}/other` })
  await makeEvents()
  const events = asObjects((await call('GET', '/v1/events'))['items']).length
  await until(() => received.length === events + 1)
  const waiting = asObjects((await call('GET', '/v1/webhooks'))['items']).map((one) => one['undelivered'])
  expect(waiting.sort()).toEqual([0, events])
})

test('what a key makes that may use one workflow alone tells of no other', async () => {
  const narrow = gateway.key({ client: 'narrow', workflows: ['elsewhere'] })
  const url = `http://127.0.0.1:${String(port())}/hook`
  const made = await gateway.call(narrow, 'POST', '/v1/webhooks', { body: { url } })
  const { id } = objectIn(await made.text())
  await makeEvents()
  await elapsed(300)
  expect(received).toEqual([])
  const { id: wide } = await register()
  expect(asObjects((await call('GET', '/v1/webhooks'))['items'])).toHaveLength(2)
  const seen = objectIn(await (await gateway.call(narrow, 'GET', '/v1/webhooks')).text())
  expect(asObjects(seen['items']).map((one) => one['id'])).toEqual([id])
  const ended = await gateway.call(narrow, 'DELETE', `/v1/webhooks/${textOf(wide)}`)
  expect(ended.status).toBe(404)
})

test('410 switches it off; recover begins again from a time', async () => {
  const since = new Date(Date.now() - 60_000).toISOString()
  answers = [{ status: 410 }]
  const { id } = await register()
  await makeEvents()
  await until(async () => (await state())['state'] === 'off')
  skewMs += 86_400_000
  await elapsed(200)
  expect(received).toHaveLength(1)
  await call('POST', `/v1/webhooks/${textOf(id)}/recover`, { since })
  const events = asObjects((await call('GET', '/v1/events'))['items']).length
  await until(() => received.length === 1 + events)
  expect(await state()).toMatchObject({ state: 'active' })
})

test('after five days of failing it is switched off', async () => {
  answers = Array.from({ length: 50 }, () => ({ status: 503 }))
  await register()
  await makeEvents()
  await until(() => received.length === 1)
  skewMs += 5 * 86_400_000 + 10_000
  await until(async () => (await state())['state'] === 'off')
})

test('a receiver that nobody allowed is not called, whatever its port', async () => {
  const refused = await call('POST', '/v1/webhooks', { url: `http://localhost:${String(port())}/hook` })
  expect(refused).toMatchObject({ code: 'ADDRESS_REFUSED' })
  expect(received).toEqual([])
})

test('the secret of a webhook is sealed at rest, also in the answer that a repeat would get', async () => {
  const answer = await gateway.call(key, 'POST', '/v1/webhooks', {
    headers: { 'idempotency-key': 'hook-1' },
    body: { url: `http://127.0.0.1:${String(port())}/hook` },
  })
  const first = objectIn(await answer.text())
  const again = await gateway.call(key, 'POST', '/v1/webhooks', {
    headers: { 'idempotency-key': 'hook-1' },
    body: { url: `http://127.0.0.1:${String(port())}/hook` },
  })
  expect(objectIn(await again.text())).toEqual(first)
  const secret = textOf(first['secret'])
  for (const table of ['webhook', 'secret', 'claim', 'audit']) {
    const rows = gateway.sql.of(`SELECT * FROM ${table}`).all()
    const text = rows.map((row) =>
      Object.values(row).map((value) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value),
      ),
    )
    expect(text.join()).not.toContain(secret)
  }
})
