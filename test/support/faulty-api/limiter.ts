import type { Reply } from './wire'

export interface LimitOptions {
  calls: number
  windowMs: number
  /** How the limit is told; the last one says nothing before it refuses. */
  form:
    'draft-10' | 'draft-03' | 'epoch seconds' | 'epoch ms' | 'delta' | 'retry-after' | 'http-date' | 'silent'
}

/** A fixed window, as most services have it. */
export class Limiter {
  private used = 0
  private windowEnds = 0

  constructor(private readonly options: LimitOptions | undefined) {}

  /** Counts a call; the answer when it is one too many. */
  refuse(): Reply | undefined {
    if (this.options === undefined) return undefined
    const now = Date.now()
    if (now >= this.windowEnds) {
      this.windowEnds = now + this.options.windowMs
      this.used = 0
    }
    if (this.used++ < this.options.calls) return undefined
    return {
      status: 429,
      headers: { ...this.headers(), ...this.retryAfter() },
      body: { code: 'TOO_MANY', message: 'slow down' },
    }
  }

  headers(): Record<string, string> {
    if (this.options === undefined) return {}
    const { calls, form, windowMs } = this.options
    const left = String(Math.max(0, calls - this.used))
    const seconds = String(this.seconds())
    switch (form) {
      case 'draft-10':
        return {
          ratelimit: `"calls";r=${left};t=${seconds}`,
          'ratelimit-policy': `"calls";q=${calls};w=${Math.ceil(windowMs / 1000)}`,
        }
      case 'draft-03':
        return { 'ratelimit-limit': String(calls), 'ratelimit-remaining': left, 'ratelimit-reset': seconds }
      case 'epoch seconds':
        return vendor(calls, left, String(Math.ceil(this.windowEnds / 1000)))
      case 'epoch ms':
        return vendor(calls, left, String(this.windowEnds))
      case 'delta':
        return vendor(calls, left, seconds)
      case 'retry-after':
      case 'http-date':
      case 'silent':
        return {}
    }
  }

  private retryAfter(): Record<string, string> {
    if (this.options?.form === 'retry-after') return { 'retry-after': String(this.seconds()) }
    if (this.options?.form !== 'http-date') return {}
    return { 'retry-after': new Date(Math.ceil(this.windowEnds / 1000) * 1000).toUTCString() }
  }

  private seconds(): number {
    return Math.max(0, Math.ceil((this.windowEnds - Date.now()) / 1000))
  }
}

function vendor(limit: number, remaining: string, reset: string): Record<string, string> {
  return {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': remaining,
    'x-ratelimit-reset': reset,
  }
}
