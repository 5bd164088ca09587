import fc from 'fast-check'
import { CircuitBreaker } from '../../../shared/core/resilience/circuit-breaker'
import { ManualClock } from './manual-clock'

const options = { failures: 3, openMs: 1000 }

function opened() {
  const clock = new ManualClock()
  const breaker = new CircuitBreaker(clock, options)
  for (let call = 0; call < 3; call++) {
    breaker.begin()
    breaker.end('outage', `POST api.example.com answered ${501 + call}`)
  }
  return { clock, breaker }
}

function faultOf(act: () => void): unknown {
  try {
    act()
  } catch (error) {
    return error
  }
  return undefined
}

test('outages in a row open it; calls then fail at once and say until when, and what the last outage was', () => {
  const { breaker } = opened()
  expect(breaker.state).toBe('open')
  const refused = faultOf(() => {
    breaker.begin()
  })
  expect(refused).toMatchObject({
    code: 'UPSTREAM_DOWN',
    retryAfterMs: 1000,
    detail: expect.stringMatching(/3 times in a row .*POST api\.example\.com answered 503$/) as unknown,
  })
})

test('after its time one call tries; others wait for what it finds', () => {
  const { clock, breaker } = opened()
  clock.advance(1000)
  breaker.begin()
  expect(() => {
    breaker.begin()
  }).toThrow('UPSTREAM_DOWN')
  breaker.end('answer')
  expect(breaker.state).toBe('closed')
})

test('a failed try opens it again; one that was given up leaves the next to try', () => {
  const { clock, breaker } = opened()
  clock.advance(1000)
  breaker.begin()
  breaker.end('given up')
  breaker.begin()
  breaker.end('outage')
  expect(breaker.state).toBe('open')
})

test('behaves like its model for any course of events', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('answer', 'outage', 'given up', 'time'), { maxLength: 60 }),
      (events) => {
        const clock = new ManualClock()
        const breaker = new CircuitBreaker(clock, options)
        let inRow = 0
        let openUntil = -1
        for (const event of events) {
          if (event === 'time') {
            clock.advance(400)
            continue
          }
          const lets = clock.elapsed() >= openUntil
          let entered = true
          try {
            breaker.begin()
          } catch {
            entered = false
          }
          expect(entered).toBe(lets)
          if (!entered) continue
          breaker.end(event)
          if (event === 'given up') continue
          inRow = event === 'answer' ? 0 : inRow + 1
          if (inRow === 0) openUntil = -1
          else if (inRow >= options.failures) openUntil = clock.elapsed() + options.openMs
        }
      },
    ),
  )
})
