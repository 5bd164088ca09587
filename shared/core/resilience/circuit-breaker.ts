import { Fault } from '../fault'
import type { Clock } from '../ports'

export interface BreakerOptions {
  /** Outages in a row that open it. */
  failures: number
  /** How long it then stays open before one call may try again. */
  openMs: number
}

export const BREAKER: BreakerOptions = { failures: 10, openMs: 15_000 }

/**
 * Leaves a service alone that is down.
 * - closed: calls go through; `failures` outages in a row open it
 * - open: calls fail at once, until `openMs` have passed
 * - half open: one call goes through; its end closes the breaker or opens it again
 */
export class CircuitBreaker {
  private failed = 0
  private why = ''
  private openUntil: number | undefined
  private probing = false

  constructor(
    private readonly clock: Clock,
    private readonly options: BreakerOptions,
  ) {}

  get state(): 'closed' | 'open' | 'half open' {
    if (this.openUntil === undefined) return 'closed'
    return this.clock.elapsed() < this.openUntil ? 'open' : 'half open'
  }

  /**
   * Asks for the right to call; each is ended by `end`.
   * @throws Fault UPSTREAM_DOWN
   */
  begin(): void {
    const { state } = this
    if (state === 'closed') return
    if (state === 'open' || this.probing) throw this.down()
    this.probing = true
  }

  /**
   * `given up` says nothing about the service: the caller ended the call.
   * @param why what the outage was, for people
   */
  end(result: 'answer' | 'outage' | 'given up', why = ''): void {
    this.probing = false
    if (result === 'given up') return
    this.why = why
    this.failed = result === 'answer' ? 0 : this.failed + 1
    if (this.failed === 0) this.openUntil = undefined
    else if (this.openUntil !== undefined || this.failed >= this.options.failures) {
      this.openUntil = this.clock.elapsed() + this.options.openMs
    }
  }

  private down(): Fault {
    const waitMs = Math.max((this.openUntil ?? 0) - this.clock.elapsed(), 1000)
    const until = new Date(this.clock.now() + waitMs).toISOString()
    const last = this.why === '' ? '' : `, the last time: ${this.why}`
    return new Fault(
      'UPSTREAM_DOWN',
      `the service failed ${this.failed} times in a row and is left alone until ${until}${last}`,
      { failures: this.failed, until },
      waitMs,
    )
  }
}
