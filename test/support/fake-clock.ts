import type { Clock } from '../../shared/core/ports'

/** Time that passes only when somebody sleeps; remembers how long they slept. */
export class FakeClock implements Clock {
  readonly slept: number[] = []
  private time = Date.UTC(2026, 0, 1)

  now(): number {
    return this.time
  }

  elapsed(): number {
    return this.time
  }

  /** A lease that sleeps until it is aborted does not move the clock. */
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (ms >= LEASE_SLEEP_MS && signal) {
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          reject(new Error('aborted'))
        })
      })
    }
    this.slept.push(ms)
    this.time += ms
    return Promise.resolve()
  }

  random(): number {
    return 0.5
  }

  advance(ms: number): void {
    this.time += ms
  }
}

const LEASE_SLEEP_MS = 20_000
