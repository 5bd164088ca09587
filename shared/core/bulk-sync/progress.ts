import type { Clock } from '../ports'
import type { Account } from './account'
import type { Progress, SyncRequest } from './request'

const EVERY_MS = 200

/** How far a run is, for who wants to hear of it; not more often than people read. */
export class ProgressNews {
  private readonly started: number
  private shownAt = 0

  /** Undefined where nobody listens. */
  static of({ onProgress, ports }: SyncRequest, run: string): ProgressNews | undefined {
    return onProgress && new ProgressNews(run, ports.clock, onProgress)
  }

  private constructor(
    private readonly run: string,
    private readonly clock: Clock,
    private readonly onProgress: (progress: Progress) => void,
  ) {
    this.started = clock.elapsed()
  }

  show({ read, account, total }: { read: number; account: Account; total: number | undefined }): void {
    const now = this.clock.elapsed()
    if (now - this.shownAt < EVERY_MS) return
    this.shownAt = now
    this.onProgress({
      run: this.run,
      read,
      written: account.count('created') + account.count('updated'),
      rejected: account.count('rejected'),
      elapsedMs: now - this.started,
      ...(total === undefined ? {} : { total }),
    })
  }
}
