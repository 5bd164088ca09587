import type { Clock } from '../../../shared/core/ports'

/** Time that passes only when somebody sleeps. Sleepers wake in the order of their times, others run in between. */
export class ManualClock implements Clock {
  readonly slept: number[] = []
  private time = 0
  private sleepers: { until: number; wake: () => void }[] = []

  constructor(private readonly chance = 0.5) {}

  now(): number {
    return Date.UTC(2026, 0, 1) + this.time
  }

  elapsed(): number {
    return this.time
  }

  sleep(ms: number): Promise<void> {
    this.slept.push(ms)
    return new Promise((wake) => {
      this.sleepers.push({ until: this.time + ms, wake })
      setImmediate(() => {
        this.tick()
      })
    })
  }

  random(): number {
    return this.chance
  }

  advance(ms: number): void {
    this.time += ms
  }

  private tick(): void {
    this.sleepers.sort((one, two) => one.until - two.until)
    const next = this.sleepers.shift()
    if (next === undefined) return
    this.time = Math.max(this.time, next.until)
    next.wake()
  }
}
