import { reconcileSettings } from '../../shared/core/definition/reconcile'
import type { Failure } from '../../shared/core/exceptions/exception'
import { openSqliteStore } from '../../shared/adapters/store/sqlite'
import { Feed } from '../../shared/core/exceptions/feed'
import { Inbox } from '../../shared/core/exceptions/inbox'
import { FakeClock } from './fake-clock'

export const DAY = 86_400_000

/** A failure of record `n`. */
export function failure(n: number, changes: Partial<Failure> = {}): Failure {
  return {
    run: 'r1',
    workflow: 'stock',
    row: n,
    place: `stock.csv line ${String(n + 1)}`,
    key: `["A${String(n)}"]`,
    outcome: 'rejected',
    stage: 'validate',
    code: 'VALIDATION_FAILED',
    message: 'qty: must be integer',
    pointer: '/qty',
    record: { sku: `A${String(n)}`, qty: 'many' },
    hash: n.toString(16).padStart(16, '0'),
    at: Date.UTC(2026, 0, 1),
    ...changes,
  }
}

/** An inbox over real state, with the exceptions of these failures. */
export class InboxBench {
  readonly clock = new FakeClock()
  readonly store = openSqliteStore(':memory:')
  /** Of the workflow stock. */
  personal: string[] = []
  readonly inbox = new Inbox(this.store.inbox, this.clock, () => ({
    key: ['sku'],
    personal: this.personal,
    reconcile: reconcileSettings({}, ['sku'], undefined),
  }))
  readonly feed = new Feed(this.store.inbox, this.clock)

  static async with(...failures: Failure[]): Promise<InboxBench> {
    const bench = new InboxBench()
    await bench.raise(...failures)
    return bench
  }

  raise(...failures: Failure[]): Promise<void> {
    return this.store.inbox.raise(failures, 3 * DAY)
  }
}
