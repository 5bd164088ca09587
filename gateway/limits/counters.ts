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
  of(client: string, policy: Policy, window: Window): Counter {
    const last = this.last(client, policy)
    if (last && last.end >= window.end) return last
    const counter = this.ahead(client, policy, window)
    this.counters.set(`${client} ${policy.name}`, counter)
    return counter
  }

  /** Of a window that is yet to begin, as it is known now. */
  ahead(client: string, policy: Policy, window: Window): Counter {
    const last = this.last(client, policy)
    return { end: window.end, used: 0, debt: last ? owed(last, policy, window) : 0 }
  }

  add(client: string, policy: string, window: Window, counter: Counter, amount: number): void {
    counter.used += amount
    this.save(client, policy, window, counter)
  }

  /** To a window that may be over by now: then what it went beyond its quota is what the `later` one has less. */
  charge(
    client: string,
    policy: Policy,
    { window, counter, later }: { window: Window; counter: Counter; later: Window },
    amount: number,
  ): void {
    const now = this.of(client, policy, later)
    this.add(client, policy.name, window, counter, amount)
    if (now === counter) return
    now.debt = Math.max(now.debt, owed(counter, policy, later))
    this.save(client, policy.name, later, now)
  }

  private save(client: string, policy: string, { begin, end }: Window, counter: Counter): void {
    this.counters.set(`${client} ${policy}`, counter)
    if (end - begin < LASTING_MS) return
    this.sql
      .of(
        `INSERT INTO used (client, policy, window_end, amount, debt) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE
         SET window_end = excluded.window_end, amount = excluded.amount, debt = excluded.debt`,
      )
      .run(client, policy, counter.end, counter.used, counter.debt)
  }

  private last(client: string, { name }: Policy): Counter | undefined {
    const known = this.counters.get(`${client} ${name}`)
    if (known) return known
    const row = this.sql
      .of('SELECT window_end, amount, debt FROM used WHERE client = ? AND policy = ?')
      .get(client, name)
    if (!row) return undefined
    const saved = { end: Number(row['window_end']), used: Number(row['amount']), debt: Number(row['debt']) }
    // whoever was let in before the first change counts on the same one
    this.counters.set(`${client} ${name}`, saved)
    return saved
  }
}

/** What a window has to pay of the one before; each one in between has paid a quota. */
function owed({ end, used, debt }: Counter, { quota, hours }: Policy, window: Window): number {
  const period = hours ? DAY_MS : window.end - window.begin
  const windows = 1 + Math.floor(Math.max(0, window.begin - end) / period)
  return Math.max(0, used + debt - quota * windows)
}
