import fc from 'fast-check'
import { isRepeatable, isTransient, Retries } from '../../../shared/core/resilience/retry'
import { ManualClock } from './manual-clock'

const policy = { attempts: 5, forMs: 60_000, firstMs: 200, mostMs: 2_000 }

describe('waits between tries', () => {
  test('grow, stay below their limit, and end with the last attempt', () => {
    const retries = new Retries(policy, new ManualClock(1))
    expect([1, 2, 3, 4, 5].map(() => retries.next())).toEqual([200, 400, 800, 1600, undefined])
  })

  test('are never shorter than what the service asked for, and never outlast the time allowed', () => {
    fc.assert(
      fc.property(
        fc.float({ min: 0, max: Math.fround(0.99), noNaN: true }),
        fc.array(fc.integer({ min: 0, max: 30_000 }), { maxLength: 8 }),
        (chance, asked) => {
          const clock = new ManualClock(chance)
          const retries = new Retries(policy, clock)
          let tries = 1
          for (const retryAfter of asked) {
            const wait = retries.next(retryAfter)
            if (wait === undefined) break
            expect(wait).toBeGreaterThanOrEqual(retryAfter)
            expect(wait).toBeLessThanOrEqual(Math.max(retryAfter, policy.mostMs))
            clock.advance(wait)
            tries++
          }
          expect(tries).toBeLessThanOrEqual(policy.attempts)
          expect(clock.elapsed()).toBeLessThanOrEqual(policy.forMs)
        },
      ),
    )
  })

  test('a wait that would end after the time allowed is not begun', () => {
    expect(new Retries(policy, new ManualClock()).next(60_001)).toBeUndefined()
  })
})

test('only what changes nothing when it arrives twice is repeatable', () => {
  const repeatable = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'POST', 'PATCH'].filter((method) =>
    isRepeatable({ method, url: '' }),
  )
  expect(repeatable).toEqual(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])
  expect(isRepeatable({ method: 'POST', url: '', repeatable: true })).toBe(true)
})

test('501 and refusals are final, the rest of 5xx and "later" are not', () => {
  const later = [200, 400, 401, 404, 408, 409, 422, 423, 425, 429, 500, 501, 502, 503, 504].filter(
    isTransient,
  )
  expect(later).toEqual([408, 423, 425, 429, 500, 502, 503, 504])
})
