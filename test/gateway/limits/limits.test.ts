// What a client may use, what it is told of it, and that a restart forgets nothing of the day.
import { join } from 'node:path'
import * as fc from 'fast-check'
import { ClientLimits } from '../../../gateway/limits/client-limits'
import { Counters } from '../../../gateway/limits/counters'
import type { Policy, PolicyChange } from '../../../gateway/limits/policy'
import { openGatewayStore } from '../../../gateway/store/open'
import type { Sql } from '../../../shared/adapters/store/sql'
import { Fault } from '../../../shared/core/fault'
import { folderWith } from '../../support/folder'
import { startGateway } from '../../support/gateway'
import { jsonOf } from '../../support/answers'

const NOON = Date.UTC(2026, 10, 23, 12)
const HOUR = 3_600_000
const DAY: Policy = { name: 'records', unit: 'records', quota: 100, windowSeconds: 86_400 }
// only the client counts
const caller = { client: 'acme' }

let folder: ReturnType<typeof folderWith>
let sql: Sql
let now = NOON
beforeEach(() => {
  folder = folderWith({})
  sql = openGatewayStore(join(folder.path, 'gateway.sqlite'))
  now = NOON
})
afterEach(() => {
  sql.close()
  folder.remove()
})

function limitsWith(
  policies: readonly Policy[],
  changes: Readonly<Record<string, PolicyChange>> = {},
): ClientLimits {
  return new ClientLimits({ policies, changes: () => changes, counters: new Counters(sql), now: () => now })
}

function faultOf(work: () => unknown): Fault {
  try {
    work()
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
  throw new Error('it was not refused')
}

test('what does not fit is refused whole, by name, with the time until there is more', () => {
  const limits = limitsWith([DAY])
  limits.take(caller, { records: 90 })
  const fault = faultOf(() => {
    limits.take(caller, { records: 11 })
  })
  expect(fault).toMatchObject({
    code: 'LIMIT_REACHED',
    detail: 'records: 10 of 100 records are left, 11 were asked for; more in 43200 s.',
    evidence: { violatedPolicies: 'records' },
    retryAfterMs: 12 * HOUR,
  })
  limits.take(caller, { records: 10 })
  now += 12 * HOUR
  limits.take(caller, { records: 100 })
})

test('what never fits says so', () => {
  const fault = faultOf(() => {
    limitsWith([DAY]).take(caller, { records: 101 })
  })
  expect(fault.detail).toBe('records: 101 records never fit into one window of 100: send them in parts.')
  expect(fault.retryAfterMs).toBeUndefined()
})

test('of several limits, either all are taken or none', () => {
  const bytes: Policy = { name: 'bytes', unit: 'content-bytes', quota: 10, windowSeconds: 86_400 }
  const limits = limitsWith([DAY, bytes])
  expect(
    faultOf(() => {
      limits.take(caller, { records: 50, bytes: 11 })
    }).evidence['violatedPolicies'],
  ).toBe('bytes')
  limits.take(caller, { records: 100, bytes: 10 })
})

test('a burst is paid back by the next window', () => {
  const limits = limitsWith([{ ...DAY, burst: 50 }])
  limits.take(caller, { records: 130 })
  now += 24 * HOUR
  expect(limits.state(caller)).toMatchObject([{ quota: 120, left: 120 }])
  now += 24 * HOUR
  expect(limits.state(caller)).toMatchObject([{ quota: 150, left: 150 }])
  limits.take(caller, { records: 150 })
  now += 72 * HOUR
  expect(limits.state(caller)).toMatchObject([{ quota: 150, left: 150 }])
})

test('nights have limits of their own, over midnight and over the change of the clock', () => {
  const hours = { from: '22:00', to: '06:00', zone: 'Europe/Berlin' }
  const limits = limitsWith([
    { ...DAY, name: 'day', hours: { ...hours, from: '06:00', to: '22:00' } },
    { ...DAY, name: 'night', quota: 1000, hours },
  ])
  limits.take(caller, { records: 100 })
  expect(
    faultOf(() => {
      limits.take(caller, { records: 1 })
    }).evidence['violatedPolicies'],
  ).toBe('day')
  expect(limits.state(caller)).toMatchObject([
    { name: 'day', now: true, left: 0, resetSeconds: 9 * 3600 },
    { name: 'night', now: false, left: 1000, resetSeconds: 9 * 3600, hours: '22:00-06:00 Europe/Berlin' },
  ])
  now = Date.UTC(2026, 10, 23, 23)
  limits.take(caller, { records: 600 })
  now = Date.UTC(2026, 10, 24, 4)
  expect(limits.state(caller)).toMatchObject([
    { name: 'day', now: false },
    { name: 'night', now: true, left: 400 },
  ])
  // the night in which clocks go back has nine hours
  now = Date.UTC(2026, 9, 24, 21)
  expect(limits.state(caller)).toMatchObject([{}, { now: true, windowSeconds: 9 * 3600 }])
})

test('a restart forgets nothing of the day, and nothing is shared between clients', () => {
  limitsWith([DAY]).take(caller, { records: 80 })
  const again = limitsWith([DAY])
  expect(again.state(caller)).toMatchObject([{ left: 20 }])
  expect(again.state({ client: 'other' })).toMatchObject([{ left: 100 }])
})

test('after a restart downloads count from the first one on, also those that run side by side', () => {
  limitsWith([DAY]).take(caller, { records: 10 })
  const again = limitsWith([DAY])
  const [one, other] = [again.admit(caller), again.admit(caller)]
  one({ records: 30 })
  again.take(caller, { records: 5 })
  other({ records: 20 })
  expect(again.state(caller)).toMatchObject([{ left: 35 }])
  expect(limitsWith([DAY]).state(caller)).toMatchObject([{ left: 35 }])
})

test('a client may have limits of its own, or none', () => {
  const calls: Policy = { name: 'calls', unit: 'requests', quota: 1, windowSeconds: 60 }
  const limits = limitsWith([DAY, calls], { records: { quota: 500 }, calls: false })
  expect(limits.state(caller)).toMatchObject([{ name: 'records', quota: 500 }])
  limits.take(caller, { requests: 10 })
})

test('what has no size yet comes in while anything is left, and the next window pays for it', () => {
  const limits = limitsWith([DAY])
  limits.take(caller, { records: 99 })
  const charge = limits.admit(caller)
  charge({ records: 151 })
  expect(limits.state(caller)).toMatchObject([{ left: 0 }])
  expect(faultOf(() => limits.admit(caller))).toMatchObject({
    code: 'LIMIT_REACHED',
    detail: 'records: 0 of 100 records are left; more in 43200 s.',
    retryAfterMs: 12 * HOUR,
  })
  now += 24 * HOUR
  // 250 of 100: today pays 100 of the 150 too many, tomorrow 50
  expect(faultOf(() => limits.admit(caller)).detail).toContain('0 of 0 records are left')
  now += 24 * HOUR
  expect(limits.state(caller)).toMatchObject([{ quota: 50, left: 50 }])
})

test('what was let in at night is charged to the night, also when it ends by day and after a restart', () => {
  const hours = { from: '22:00', to: '06:00', zone: 'UTC' }
  const policies = [
    { ...DAY, name: 'day', hours: { ...hours, from: '06:00', to: '22:00' } },
    { ...DAY, name: 'night', quota: 1000, hours },
  ]
  now = Date.UTC(2026, 10, 23, 5, 50)
  const limits = limitsWith(policies)
  const charge = limits.admit(caller)
  now += HOUR
  limits.take(caller, { records: 10 })
  charge({ records: 1200 })
  expect(limits.state(caller)).toMatchObject([
    { name: 'day', left: 90 },
    { name: 'night', quota: 800 },
  ])
  now += 20 * HOUR
  expect(limitsWith(policies).state(caller)).toMatchObject([{}, { name: 'night', now: true, left: 800 }])
})

test('what began in a window that is over is charged to it, and the next has so much less', () => {
  const limits = limitsWith([DAY])
  const [one, other] = [limits.admit(caller), limits.admit(caller)]
  now += 24 * HOUR
  limits.take(caller, { records: 5 })
  one({ records: 90 })
  expect(limits.state(caller)).toMatchObject([{ quota: 100, left: 95 }])
  other({ records: 30 })
  expect(limits.state(caller)).toMatchObject([{ quota: 80, left: 75 }])
  expect(limitsWith([DAY]).state(caller)).toMatchObject([{ quota: 80, left: 75 }])
})

test('runs at once are given back, once', () => {
  const limits = limitsWith([{ name: 'runs', unit: 'concurrent-requests', quota: 2, windowSeconds: 0 }])
  const leave = limits.enter(caller)
  limits.enter(caller)
  expect(faultOf(() => limits.enter(caller))).toMatchObject({
    code: 'LIMIT_REACHED',
    evidence: { violatedPolicies: 'runs' },
  })
  leave()
  leave()
  limits.enter(caller)
  expect(() => limits.enter(caller)).toThrow('runs')
})

test('whatever is taken in whatever order, never more than quota and burst in a window', () => {
  const steps = fc.array(fc.record({ records: fc.nat(60), wait: fc.nat(20) }), { maxLength: 60 })
  let run = 0
  fc.assert(
    fc.property(steps, (taken) => {
      const one = { client: `c${String(run++)}` }
      const limits = limitsWith([{ ...DAY, burst: 20 }])
      const byDay = new Map<number, number>()
      now = NOON
      for (const { records, wait } of taken) {
        now += wait * HOUR
        const day = Math.floor(now / (24 * HOUR))
        try {
          limits.take(one, { records })
          byDay.set(day, (byDay.get(day) ?? 0) + records)
        } catch {
          // refused: nothing was taken
        }
        expect(byDay.get(day) ?? 0).toBeLessThanOrEqual(120)
      }
      const days = [...byDay.entries()].sort(([one_], [other]) => one_ - other)
      for (const [day, used] of days)
        expect(used + Math.max(0, (byDay.get(day - 1) ?? 0) - 100)).toBeLessThanOrEqual(120)
    }),
    { numRuns: 50 },
  )
})

test('every answer tells what is left, also the one that is refused; to ask costs nothing', async () => {
  const policies: Policy[] = [{ name: 'calls', unit: 'requests', quota: 2, windowSeconds: 60 }, DAY]
  const gateway = await startGateway({ policies, now: () => NOON + 30_000 })
  try {
    const key = gateway.key()
    const first = await gateway.call(key, 'GET', '/v1/caller')
    expect(Object.fromEntries([...first.headers].filter(([name]) => name.includes('ratelimit')))).toEqual({
      ratelimit: '"calls";r=1;t=30, "records";r=100;t=43170',
      'ratelimit-policy': '"calls";q=2;w=60;qu="requests", "records";q=100;w=86400;qu="tieout-records"',
      'x-ratelimit-limit': '2',
      'x-ratelimit-remaining': '1',
      'x-ratelimit-reset': String(NOON / 1000 + 60),
    })
    const listed = await jsonOf(await gateway.call(key, 'GET', '/v1/limits'))
    expect(listed['items']).toMatchObject([
      { name: 'calls', quota: 2, left: 1, windowSeconds: 60 },
      { name: 'records', quota: 100, left: 100 },
      { name: 'body', unit: 'content-bytes', quota: 4 * 1024 ** 3 },
    ])
    await gateway.call(key, 'GET', '/v1/caller')
    const refused = await gateway.call(key, 'GET', '/v1/caller')
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toBe('30')
    expect(refused.headers.get('ratelimit')).toBe('"calls";r=0;t=30, "records";r=100;t=43170')
    expect(await refused.json()).toMatchObject({
      code: 'LIMIT_REACHED',
      retryAfterSeconds: 30,
      retryable: 'after-delay',
    })
    expect((await gateway.call(key, 'GET', '/v1/limits')).status).toBe(200)
  } finally {
    await gateway.close()
  }
})
