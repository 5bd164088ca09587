import type { Clock, HttpRequest } from '../ports'

export interface RetryPolicy {
  /** Tries in all, the first included. */
  attempts: number
  /** From the first try to the beginning of the last one. */
  forMs: number
  /** The first wait is at most this, every further one at most twice the one before. */
  firstMs: number
  mostMs: number
}

export const RETRY: RetryPolicy = { attempts: 5, forMs: 120_000, firstMs: 250, mostMs: 30_000 }

/** The tries of one request. */
export class Retries {
  private made = 0
  private readonly start: number

  constructor(
    private readonly policy: RetryPolicy,
    private readonly clock: Clock,
  ) {
    this.start = clock.elapsed()
  }

  /**
   * How long to wait before the next try: what the other side asked for, at least a random part of an exponentially
   * growing time ('full jitter', AWS Architecture Blog, 2015). Undefined when the tries or the time are used up.
   */
  next(retryAfterMs = 0): number | undefined {
    const { attempts, forMs, firstMs, mostMs } = this.policy
    if (++this.made >= attempts) return undefined
    const jitter = this.clock.random() * Math.min(mostMs, firstMs * 2 ** (this.made - 1))
    const wait = Math.max(retryAfterMs, jitter)
    return this.clock.elapsed() - this.start + wait > forMs ? undefined : wait
  }
}

const IDEMPOTENT = ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']

/** Sending it again changes nothing more (RFC 9110, 9.2.2), or the caller says so. */
export function isRepeatable({ method, repeatable }: HttpRequest): boolean {
  return repeatable ?? IDEMPOTENT.includes(method)
}

/** The other side could not or would not do it now, whatever the request held. */
export function isTransient(status: number): boolean {
  return (
    status === 408 || status === 423 || status === 425 || status === 429 || (status >= 500 && status !== 501)
  )
}

/** Refused before anything was done: safe to send again even where the request is not repeatable. */
export function isUntouched(status: number): boolean {
  return status === 408 || status === 423 || status === 425 || status === 429
}
