import type { Traffic } from '../connector'
import { Fault } from '../fault'
import type { Clock, HttpClient, HttpRequest } from '../ports'
import { BREAKER, CircuitBreaker, type BreakerOptions } from './circuit-breaker'
import { RateBudget, type Rate } from './rate-budget'
import { retryAfterOf } from './rate-headers'
import { isRepeatable, isTransient, isUntouched, Retries, RETRY, type RetryPolicy } from './retry'

export interface Resilience {
  clock: Clock
  traffic: Traffic
  /** Calls at once. */
  concurrency: number
  rate?: Rate
  retry?: RetryPolicy
  breaker?: BreakerOptions
}

interface Answer {
  status: number
  headers: Readonly<Record<string, string>>
}

/**
 * An HttpClient whose answers and faults are final: what was worth another try has had it. One rate budget and one
 * breaker for all its calls.
 */
export function resilientHttp(client: HttpClient, resilience: Resilience): HttpClient {
  const { clock, traffic, concurrency, rate, retry = RETRY, breaker: limits = BREAKER } = resilience
  const budget = new RateBudget(clock, {
    concurrency,
    mostMs: retry.forMs,
    ...(rate === undefined ? {} : { rate }),
  })
  const breaker = new CircuitBreaker(clock, limits)

  async function attempt<A extends Answer>(request: HttpRequest, exchange: () => Promise<A>): Promise<A> {
    const number = await budget.acquire(request.signal)
    try {
      breaker.begin()
      traffic.calls++
      traffic.bytesOut += request.body?.length ?? 0
      try {
        const answer = await exchange()
        budget.learn(number, answer.status, answer.headers)
        const { status } = answer
        if (status >= 500 && status !== 501)
          breaker.end('outage', `${request.method} ${new URL(request.url).host} answered ${status}`)
        else breaker.end('answer')
        return answer
      } catch (error) {
        if (error instanceof Fault && ['wait', 'verify'].includes(error.then))
          breaker.end('outage', error.detail)
        else breaker.end('given up')
        throw error
      }
    } finally {
      budget.release()
    }
  }

  async function final<A extends Answer>(
    request: HttpRequest,
    exchange: () => Promise<A>,
    discard: (answer: A) => Promise<unknown>,
  ): Promise<A> {
    const retries = new Retries(retry, clock)
    for (;;) {
      let wait: number | undefined
      try {
        const answer = await attempt(request, exchange)
        const again = isTransient(answer.status) && (isRepeatable(request) || isUntouched(answer.status))
        wait = again ? retries.next(retryAfterOf(answer.headers, clock.now())) : undefined
        if (wait === undefined) return answer
        await discard(answer)
      } catch (error) {
        // 'wait' means that the request had no effect; whether a lost answer may be asked for again is the core's to say.
        if (!(error instanceof Fault) || error.then !== 'wait') throw error
        wait = retries.next(error.retryAfterMs)
        if (wait === undefined) throw error
      }
      traffic.retries++
      await clock.sleep(wait, request.signal)
    }
  }

  return {
    async send(request) {
      const encoded = withBytes(request)
      const answer = await final(
        encoded,
        () => client.send(encoded),
        () => Promise.resolve(),
      )
      traffic.bytesIn += answer.body.length
      return answer
    },
    async stream(request) {
      const encoded = withBytes(request)
      const answer = await final(
        encoded,
        () => client.stream(encoded),
        ({ body }) => abandon(body),
      )
      return { ...answer, body: counted(answer.body, traffic) }
    },
    ...(client.probe === undefined ? {} : { probe: client.probe.bind(client) }),
    close: () => client.close(),
  }
}

/** The body in the form in which it travels, so that it is encoded and measured once. */
function withBytes(request: HttpRequest): HttpRequest {
  return typeof request.body === 'string'
    ? { ...request, body: new TextEncoder().encode(request.body) }
    : request
}

/** A generator that was never started would not close what is behind it. */
async function abandon(body: AsyncIterable<Uint8Array>): Promise<void> {
  const iterator = body[Symbol.asyncIterator]()
  await iterator.next()
  await iterator.return?.()
}

async function* counted(body: AsyncIterable<Uint8Array>, traffic: Traffic): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    traffic.bytesIn += chunk.length
    yield chunk
  }
}
