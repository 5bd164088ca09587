import fc from 'fast-check'
import { parseRate, RateBudget } from '../../../shared/core/resilience/rate-budget'
import { ManualClock } from './manual-clock'

const MINUTE = 60_000

test('a declared rate is never exceeded, however many callers there are', async () => {
  const clock = new ManualClock()
  const budget = new RateBudget(clock, {
    concurrency: 8,
    rate: { calls: 10, windowMs: 1000 },
    mostMs: MINUTE,
  })
  const starts: number[] = []
  const caller = async () => {
    for (let call = 0; call < 5; call++) {
      await budget.acquire()
      starts.push(clock.elapsed())
      budget.release()
    }
  }
  await Promise.all(Array.from({ length: 8 }, caller))
  for (const [index, start] of starts.entries()) {
    const inWindow = starts.slice(index).filter((later) => later < start + 1000)
    expect(inWindow.length).toBeLessThanOrEqual(10)
  }
})

test('never more calls are begun than the service said were left', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 9 }),
      async (callers, quota) => {
        const clock = new ManualClock()
        const budget = new RateBudget(clock, { concurrency: callers, mostMs: MINUTE })
        // A service with a fixed window of a second, which counts a call when it begins.
        let windowEnds = 1000
        let used = 0
        let refused = 0
        const caller = async () => {
          for (let call = 0; call < 6; call++) {
            const number = await budget.acquire()
            if (clock.elapsed() >= windowEnds) [windowEnds, used] = [clock.elapsed() + 1000, 0]
            used++
            const over = used > quota
            if (over) refused++
            await clock.sleep(10)
            const left = Math.max(0, quota - used)
            const headers = {
              ratelimit: `"calls";r=${left};t=${Math.ceil((windowEnds - clock.elapsed()) / 1000)}`,
            }
            budget.learn(number, over ? 429 : 200, headers)
            budget.release()
          }
        }
        await Promise.all(Array.from({ length: callers }, caller))
        // Only the first calls of a window, made before its first answer, can be too many.
        const windows = Math.ceil((callers * 6) / quota) + 1
        expect(refused).toBeLessThanOrEqual(windows * Math.max(0, callers - quota))
      },
    ),
    { numRuns: 30 },
  )
})

test('Retry-After holds back every caller and counts before the rate limit fields', async () => {
  const clock = new ManualClock()
  const budget = new RateBudget(clock, { concurrency: 4, mostMs: MINUTE })
  const number = await budget.acquire()
  budget.learn(number, 429, { 'retry-after': '7', ratelimit: '"calls";r=0;t=2' })
  budget.release()
  await budget.acquire()
  expect(clock.elapsed()).toBe(7000)
})

test('a wave of refusals halves the calls at once a single time; successes bring them back slowly', async () => {
  const clock = new ManualClock()
  const budget = new RateBudget(clock, { concurrency: 8, mostMs: MINUTE })
  const wave = await Promise.all(Array.from({ length: 8 }, () => budget.acquire()))
  for (const number of wave) {
    budget.learn(number, 429, {})
    budget.release()
  }
  expect(budget.concurrency).toBe(4)
  for (let call = 0; call < 5; call++) {
    budget.learn(await budget.acquire(), 200, {})
    budget.release()
  }
  expect(budget.concurrency).toBe(5)
})

test('a wait longer than the run would bear is told instead of waited', async () => {
  const budget = new RateBudget(new ManualClock(), { concurrency: 1, mostMs: MINUTE })
  budget.learn(await budget.acquire(), 429, { 'retry-after': '3600' })
  budget.release()
  await expect(budget.acquire()).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: 3_600_000 })
})

test('a caller that was told to stop leaves the queue when its turn comes', async () => {
  const budget = new RateBudget(new ManualClock(), { concurrency: 1, mostMs: MINUTE })
  const controller = new AbortController()
  await budget.acquire()
  const stopped = budget.acquire(controller.signal)
  const next = budget.acquire()
  controller.abort(new Error('stop'))
  budget.release()
  await expect(stopped).rejects.toThrow('stop')
  await expect(next).resolves.toBe(2)
})

test.each([
  ['100/min', { calls: 100, windowMs: MINUTE }],
  ['5/s', { calls: 5, windowMs: 1000 }],
  [' 20000 / day ', { calls: 20_000, windowMs: 86_400_000 }],
  ['fast', undefined],
  ['0/s', undefined],
])('rate %s', (text, expected) => {
  expect(parseRate(text)).toEqual(expected)
})
