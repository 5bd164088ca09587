import type { Break, BreakLog, KeptBreak } from './break'
import type { Pace } from './pace'

/** A log that gives others a turn between the pages that are read, whoever reads them. */
export class PacedLog implements BreakLog {
  constructor(
    private readonly log: BreakLog,
    private readonly pace: Pace,
  ) {}

  async *read(): AsyncGenerator<readonly KeptBreak[]> {
    for await (const page of this.log.read()) {
      yield page
      await this.pace.turn()
    }
  }

  async add(breaks: readonly Break[]): Promise<void> {
    await this.log.add(breaks)
    await this.pace.turn()
  }

  update(breaks: readonly KeptBreak[]): Promise<void> {
    return this.log.update(breaks)
  }

  count(): Promise<number> {
    return this.log.count()
  }
}
