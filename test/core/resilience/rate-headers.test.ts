import { rateNewsOf, retryAfterOf } from '../../../shared/core/resilience/rate-headers'

const NOW = Date.UTC(2026, 10, 22, 12, 0, 0)

describe('Retry-After', () => {
  test.each([
    ['seconds', '30', 30_000],
    ['zero', '0', 0],
    ['an HTTP date', 'Sun, 22 Nov 2026 12:00:45 GMT', 45_000],
    ['a date that has passed', 'Sun, 22 Nov 2026 11:00:00 GMT', 0],
    ['nonsense', 'soon', undefined],
    ['a negative number', '-5', undefined],
    ['nothing', '', undefined],
  ])('%s', (_, value, expected) => {
    expect(retryAfterOf({ 'retry-after': value }, NOW)).toBe(expected)
  })
})

describe('what is left', () => {
  test('of the current draft, with its policy', () => {
    const headers = {
      ratelimit: '"nightly";r=150;t=3600',
      'ratelimit-policy': '"nightly";q=200;w=86400;qu="requests"',
    }
    expect(rateNewsOf(headers, NOW)).toEqual({
      remaining: 150,
      resetMs: 3_600_000,
      limit: 200,
      windowMs: 86_400_000,
    })
  })

  test('of several policies, the tightest counts', () => {
    expect(rateNewsOf({ ratelimit: '"day";r=900;t=60, "burst";r=2;t=1' }, NOW)).toEqual({
      remaining: 2,
      resetMs: 1000,
    })
  })

  test('of drafts 03 to 06: the reset is a number of seconds, not a time', () => {
    const headers = {
      'ratelimit-limit': '100, 100;w=60',
      'ratelimit-remaining': '7',
      'ratelimit-reset': '30',
    }
    expect(rateNewsOf(headers, NOW)).toEqual({ remaining: 7, resetMs: 30_000, limit: 100 })
  })

  test.each([
    ['seconds from now', '90', 90_000],
    ['seconds since 1970', String(NOW / 1000 + 12), 12_000],
    ['milliseconds since 1970', String(NOW + 1500), 1500],
    ['a time that has passed', String(NOW / 1000 - 12), 0],
  ])('of X-RateLimit with a reset in %s', (_, reset, resetMs) => {
    const headers = { 'x-ratelimit-remaining': '3', 'x-ratelimit-reset': reset }
    expect(rateNewsOf(headers, NOW)).toEqual({ remaining: 3, resetMs })
  })

  test.each([
    [{ ratelimit: 'nightly;r=1' }],
    [{ ratelimit: '"nightly";r=-1;t=5' }],
    [{ ratelimit: '"nightly";t=5' }],
    [{ 'x-ratelimit-remaining': 'many' }],
    [{}],
  ])('what is malformed is ignored: %j', (headers) => {
    expect(rateNewsOf(headers, NOW)).toBeUndefined()
  })
})
