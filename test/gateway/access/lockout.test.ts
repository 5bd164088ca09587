// Guessing gets slower and slower, and does not lock out those who know.
import { newApiKey } from '../../../gateway/access/api-key'
import { Lockout } from '../../../gateway/access/lockout'
import { openGatewayStore } from '../../../gateway/store/open'
import { Fault } from '../../../shared/core/fault'
import { startGateway } from '../../support/gateway'

const HOUR = 3_600_000
let time = Date.UTC(2026, 0)
const clock = (): number => time

function waitOf(lockout: Lockout, key: string, address: string): number {
  try {
    lockout.check(key, address)
    return 0
  } catch (error) {
    return error instanceof Fault ? (error.retryAfterMs ?? 0) : NaN
  }
}

const fail = (lockout: Lockout, times: number, key: string, address: string): void => {
  for (let at = 0; at < times; at++) lockout.failed(key, address)
}

test('each failure beyond the forgiven ones doubles the wait, up to a quarter of an hour', () => {
  const lockout = new Lockout(openGatewayStore(':memory:'), clock)
  const waits = Array.from({ length: 22 }, () => {
    lockout.failed('tk_1', '192.0.2.1')
    return waitOf(lockout, 'tk_1', '192.0.2.1') / 1000
  })
  expect(waits.slice(0, 9)).toEqual(Array(9).fill(0))
  expect(waits.slice(9)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900])
})

test('a guessed key is held up from everywhere, except where it works', () => {
  const lockout = new Lockout(openGatewayStore(':memory:'), clock)
  lockout.passed('tk_1', '192.0.2.1')
  for (let at = 0; at < 12; at++) lockout.failed('tk_1', `198.51.100.${String(at)}`)
  expect(waitOf(lockout, 'tk_1', '203.0.113.1')).toBeGreaterThan(0)
  expect(waitOf(lockout, 'tk_1', '192.0.2.1')).toBe(0)
})

test('an address that tries many keys is held up; keys that work from there go on', () => {
  const lockout = new Lockout(openGatewayStore(':memory:'), clock)
  lockout.passed('tk_good', '192.0.2.1')
  for (let at = 0; at < 31; at++) lockout.failed(`tk_${String(at)}`, '192.0.2.1')
  expect(waitOf(lockout, 'tk_new', '192.0.2.1')).toBeGreaterThan(0)
  expect(waitOf(lockout, 'tk_good', '192.0.2.1')).toBe(0)
})

test('who calls itself like an address of others holds nobody up there', () => {
  const lockout = new Lockout(openGatewayStore(':memory:'), clock)
  fail(lockout, 40, '192.0.2.1', '198.51.100.1')
  expect(waitOf(lockout, 'tk_1', '192.0.2.1')).toBe(0)
})

test('it is forgotten with time', () => {
  const lockout = new Lockout(openGatewayStore(':memory:'), clock)
  fail(lockout, 15, 'tk_1', '192.0.2.1')
  time += HOUR
  expect(waitOf(lockout, 'tk_1', '192.0.2.1')).toBe(0)
  lockout.failed('tk_1', '192.0.2.1')
  expect(waitOf(lockout, 'tk_1', '192.0.2.1')).toBe(0)
})

test('good requests write once an hour', () => {
  const sql = openGatewayStore(':memory:')
  const lockout = new Lockout(sql, clock)
  const written = (): number => Number(sql.of('SELECT total_changes() AS n').get()?.['n'])
  lockout.passed('tk_1', '192.0.2.1')
  const first = written()
  for (let at = 0; at < 50; at++) lockout.passed('tk_1', '192.0.2.1')
  expect(written()).toBe(first)
  time += 2 * HOUR
  lockout.passed('tk_1', '192.0.2.1')
  expect(written()).toBe(first + 1)
})

test('a gateway that starts again holds up the same, and knows who comes from where', async () => {
  const gateway = await startGateway({ now: clock })
  try {
    const right = gateway.key()
    const other = gateway.key()
    expect((await gateway.call(right, 'GET', '/v1/caller')).status).toBe(200)
    for (let at = 0; at < 40; at++) await gateway.call(newApiKey().key, 'GET', '/v1/caller')
    const next = await startGateway({ folder: gateway.folder, now: clock })
    expect((await next.call(other, 'GET', '/v1/caller')).status).toBe(429)
    expect((await next.call(right, 'GET', '/v1/caller')).status).toBe(200)
    await next.close()
  } finally {
    await gateway.close()
  }
})

test('the gateway answers 429 with the time to wait, also to the right key', async () => {
  let ahead = 0
  const gateway = await startGateway({ now: () => Date.now() + ahead })
  try {
    const statuses = []
    for (let at = 0; at < 32; at++) {
      const { key } = newApiKey()
      statuses.push((await gateway.call(key, 'GET', '/v1/caller')).status)
    }
    expect(statuses.slice(0, 30)).toEqual(Array(30).fill(401))
    expect(statuses.slice(30)).toEqual([429, 429])

    const right = gateway.key()
    const held = await gateway.call(right, 'GET', '/v1/caller')
    expect(held.headers.get('retry-after')).toBe('1')
    expect(await held.json()).toMatchObject({ status: 429, code: 'CREDENTIALS_LOCKED', retryAfterSeconds: 1 })
    ahead = 2000
    expect((await gateway.call(right, 'GET', '/v1/caller')).status).toBe(200)
  } finally {
    await gateway.close()
  }
})
