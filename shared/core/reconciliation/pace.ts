import { Fault } from '../fault'
import type { Clock } from '../ports'

const BUSY_MS = 20

/** Gives others a turn while much is computed, and ends the work when it was stopped. */
export class Pace {
  private since: number

  constructor(
    private readonly clock: Clock,
    private readonly signal: AbortSignal,
  ) {
    this.since = clock.elapsed()
  }

  /** To be called between pieces of work of a few milliseconds. @throws Fault CANCELLED */
  async step(): Promise<void> {
    if (this.signal.aborted) throw new Fault('CANCELLED', 'The reconciliation was stopped.')
    await this.turn()
  }

  /** As `step`, where what was begun has to be ended. */
  async turn(): Promise<void> {
    if (this.clock.elapsed() - this.since < BUSY_MS) return
    await this.clock.sleep(0)
    this.since = this.clock.elapsed()
  }
}
