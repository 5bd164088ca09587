import { Fault } from '../fault'
import type { Clock } from '../ports'
import { rateNewsOf, retryAfterOf } from './rate-headers'

export interface Rate {
  calls: number
  windowMs: number
}

export interface BudgetOptions {
  /** Calls at once when all goes well. */
  concurrency: number
  /** What the contract with the service allows. */
  rate?: Rate
  /** A longer wait than this is a fault, so that the run can say so. */
  mostMs: number
}

/** One budget for all parallel calls of a connection. Times are `clock.elapsed()`. */
export class RateBudget {
  private active = 0
  private limit: number
  private readonly queue: (() => void)[] = []
  /** Calls started, and how many had been when `limit` was last cut: answers to older calls do not cut it again. */
  private started = 0
  private cutAt = 0
  private blockedUntil = 0
  private nextSlot = 0
  private quota: { left: number; until: number } | undefined

  constructor(
    private readonly clock: Clock,
    private readonly options: BudgetOptions,
  ) {
    this.limit = options.concurrency
  }

  /** Calls that may be under way at once. */
  get concurrency(): number {
    return Math.floor(this.limit)
  }

  /**
   * Waits for the right to make one call; `release` gives it back.
   * @returns the number of the call
   * @throws Fault RATE_LIMITED when that takes longer than `mostMs`
   */
  async acquire(signal?: AbortSignal): Promise<number> {
    for (;;) {
      if (signal?.aborted === true) this.wake()
      signal?.throwIfAborted()
      if (this.active >= this.concurrency) {
        await new Promise<void>((resolve) => this.queue.push(resolve))
        continue
      }
      const wait = this.waitMs()
      if (wait === 0) return this.take()
      if (wait > this.options.mostMs) throw tooLong(wait)
      await this.clock.sleep(wait, signal)
    }
  }

  /** Ends a call. */
  release(): void {
    this.active--
    this.wake()
  }

  /** Learns from the answer to call `number`. `Retry-After` counts before the rate limit fields. */
  learn(number: number, status: number, headers: Readonly<Record<string, string>>): void {
    const now = this.clock.elapsed()
    const news = rateNewsOf(headers, this.clock.now())
    const retryAfter = retryAfterOf(headers, this.clock.now())
    if (news?.remaining !== undefined && news.resetMs !== undefined) {
      // Calls under way may or may not be in the count; better to assume they are not.
      this.quota = { left: news.remaining - (this.active - 1), until: now + news.resetMs }
    }
    if (status === 429 || (status === 503 && retryAfter !== undefined)) {
      this.blockedUntil = Math.max(this.blockedUntil, now + (retryAfter ?? news?.resetMs ?? 0))
    }
    if (status === 429 && number > this.cutAt) {
      this.limit = Math.max(1, this.limit / 2)
      this.cutAt = this.started
    } else if (status < 400) {
      this.limit = Math.min(this.options.concurrency, this.limit + 1 / this.limit)
    }
  }

  private take(): number {
    const { rate } = this.options
    this.active++
    if (this.quota !== undefined) this.quota.left--
    if (rate !== undefined)
      this.nextSlot = Math.max(this.clock.elapsed(), this.nextSlot) + rate.windowMs / rate.calls
    return ++this.started
  }

  private waitMs(): number {
    const now = this.clock.elapsed()
    if (this.quota !== undefined && this.quota.until <= now) this.quota = undefined
    const quotaUntil = this.quota !== undefined && this.quota.left <= 0 ? this.quota.until : 0
    return Math.max(0, this.blockedUntil - now, this.nextSlot - now, quotaUntil - now)
  }

  private wake(): void {
    // A limit that has grown may let in more than the one whose place is free.
    for (let free = this.concurrency - this.active; free >= 0; free--) this.queue.shift()?.()
  }
}

/** '100/min', '5/s', '1000/h' or '20000/d'. */
export function parseRate(text: string): Rate | undefined {
  const [, calls = '', unit = ''] =
    /^\s*(\d+)\s*\/\s*(s|sec|second|min|minute|h|hour|d|day)\s*$/.exec(text) ?? []
  const seconds = { s: 1, m: 60, h: 3600, d: 86_400 }[unit.charAt(0)]
  return seconds === undefined || Number(calls) === 0
    ? undefined
    : { calls: Number(calls), windowMs: seconds * 1000 }
}

function tooLong(wait: number): Fault {
  const seconds = Math.ceil(wait / 1000)
  return new Fault('RATE_LIMITED', `the service takes calls again in ${seconds} s`, { seconds }, wait)
}
