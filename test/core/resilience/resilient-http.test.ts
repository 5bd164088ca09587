import { Fault } from '../../../shared/core/fault'
import type { HttpClient, HttpRequest, HttpResponse } from '../../../shared/core/ports'
import { resilientHttp } from '../../../shared/core/resilience/resilient-http'
import { ManualClock } from './manual-clock'

type Step = number | Fault | { status: number; headers: Record<string, string> }

/** A client that plays a script: outages cannot be made to happen in an order by a real server without waiting. */
function scripted(steps: Step[]) {
  const clock = new ManualClock()
  const traffic = { calls: 0, bytesIn: 0, bytesOut: 0, retries: 0 }
  const send = (): Promise<HttpResponse> => {
    const step = steps.shift() ?? 200
    if (step instanceof Fault) return Promise.reject(step)
    const { status, headers } = typeof step === 'number' ? { status: step, headers: {} } : step
    return Promise.resolve({ status, headers, body: new TextEncoder().encode('{}') })
  }
  const client: HttpClient = {
    send,
    stream: () => Promise.reject(new Error('not asked for')),
    close: () => Promise.resolve(),
  }
  return { clock, traffic, client: resilientHttp(client, { clock, traffic, concurrency: 4 }) }
}

const get: HttpRequest = { method: 'GET', url: 'https://api.example/items' }
const post: HttpRequest = { method: 'POST', url: 'https://api.example/items', body: 'ä' }

test('reads are tried again through an outage; the traffic counts every call', async () => {
  const { client, traffic } = scripted([503, new Fault('CONNECTION_REFUSED', 'nobody listens'), 502])
  expect((await client.send(get)).status).toBe(200)
  expect(traffic).toEqual({ calls: 4, bytesIn: 2, bytesOut: 0, retries: 3 })
})

test('a POST without a key is not sent again once it may have had an effect', async () => {
  const { client, traffic } = scripted([500])
  expect((await client.send(post)).status).toBe(500)
  expect(traffic).toEqual({ calls: 1, bytesIn: 2, bytesOut: 2, retries: 0 })
})

test.each([
  ['was refused before anything was done', 429],
  ['never left', new Fault('CONNECTION_REFUSED', 'nobody listens')],
])('a POST that %s is sent again', async (_, step) => {
  const { client, traffic } = scripted([step])
  expect((await client.send(post)).status).toBe(200)
  expect(traffic.retries).toBe(1)
})

test('a POST with an idempotency key is sent again', async () => {
  const { client } = scripted([500, 502])
  expect((await client.send({ ...post, repeatable: true })).status).toBe(200)
})

test.each(['RESPONSE_LOST', 'TLS_EXPIRED', 'PROXY_AUTH_REQUIRED'] as const)(
  '%s is for the core to decide',
  async (code) => {
    const { client, traffic } = scripted([new Fault(code, 'x')])
    await expect(client.send(get)).rejects.toMatchObject({ code })
    expect(traffic.retries).toBe(0)
  },
)

test('what the service asks to wait is waited, and its last answer is the answer', async () => {
  const busy = { status: 429, headers: { 'retry-after': '20' } }
  const { client, clock, traffic } = scripted(Array.from({ length: 9 }, () => busy))
  expect((await client.send(get)).status).toBe(429)
  expect(traffic.calls).toBe(5)
  expect(clock.elapsed()).toBeGreaterThanOrEqual(80_000)
})

test('a service that stays down is left alone', async () => {
  const down = () => new Fault('CONNECTION_REFUSED', 'nobody listens')
  const { client, traffic } = scripted(Array.from({ length: 40 }, down))
  const ends = await Promise.allSettled(Array.from({ length: 6 }, () => client.send(get)))
  expect(ends.every(({ status }) => status === 'rejected')).toBe(true)
  expect(traffic.calls).toBeLessThan(6 * 5)
})
