import type { Sql } from '../../shared/adapters/store/sql'
import type { Policy, Window } from './policy'

/** What a client has used of one policy in the window that ends at `end`. */
export interface Counter {
  end: number
  used: number
  /** What the window before went beyond its quota. */
  debt: number
}

/** Shorter windows are over before a gateway has started again. */
const LASTING_MS = 10 * 60_000
const DAY_MS = 24 * 3_600_000

/** What has been used, by client and policy; windows of a day outlive the gateway. */
export class Counters {
  private readonly counters = new Map<string, Counter>()

  constructor(private readonly sql: Sql) {}

  /** Of the window that is under way. */
  of(client: string, policy: Policy, { begin, end }: Window): Counter {
    const name = `${client} ${policy.name}`
    const last = this.counters.get(name) ?? this.saved(client, policy.name)
    if (last && last.end >= end) return last
    // a window in which nothing was used has paid what the one before it owed
    const period = policy.hours ? DAY_MS : end - begin
    const owed = last && last.end > begin - period ? last.used + last.debt - policy.quota : 0
    const counter = { end, used: 0, debt: Math.max(0, owed) }
    this.counters.set(name, counter)
    return counter
  }

  add(client: string, policy: string, { begin, end }: Window, counter: Counter, amount: number): void {
    counter.used += amount
    this.counters.set(`${client} ${policy}`, counter)
    if (end - begin < LASTING_MS) return
    this.sql
      .of(
        `INSERT INTO used (client, policy, window_end, amount, debt) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE
         SET window_end = excluded.window_end, amount = excluded.amount, debt = excluded.debt`,
      )
      .run(client, policy, counter.end, counter.used, counter.debt)
  }

  private saved(client: string, policy: string): Counter | undefined {
    const row = this.sql
      .of('SELECT window_end, amount, debt FROM used WHERE client = ? AND policy = ?')
      .get(client, policy)
    return row && { end: Number(row['window_end']), used: Number(row['amount']), debt: Number(row['debt']) }
  }
}
