import type { Sql } from '../../shared/adapters/store/sql'
import { Fault } from '../../shared/core/fault'

/**
 * Failures that are forgiven: of a key; of an address, which many share; of a key at an address where it works, where
 * one job of several has the wrong secret.
 */
const FORGIVEN = { key: 10, address: 30, known: 100 }
/** With a mistake a job makes in a loop, the first waits are short; a guesser soon gets nowhere. */
const FIRST_WAIT_MS = 1000
const LONGEST_WAIT_MS = 15 * 60_000
const FORGOTTEN_AFTER_MS = 30 * 60_000
/** A key that works from an address is not held up by what comes from elsewhere, or is wrong with other keys there. */
const KNOWN_FOR_MS = 24 * 3_600_000
/** Good requests write no more often than this. */
const HOUR_MS = 3_600_000
const MOST = 50_000
/** Failures between two looks at whether there are more than that. */
const TRIM_EVERY = 1000

/**
 * Holds up those who keep sending wrong credentials, by key and by address, each time twice as long; also when the gateway
 * starts again in between.
 */
export class Lockout {
  private sinceTrim = 0

  constructor(
    private readonly sql: Sql,
    private readonly now: () => number,
  ) {}

  /** @param key the visible part of what was sent @throws Fault CREDENTIALS_LOCKED */
  check(key: string, address: string): void {
    const now = this.now()
    const names = namesOf(key, address)
    const isKnown = this.knownAt(names.pair) > now - KNOWN_FOR_MS
    const wait = isKnown
      ? this.waitOf(names.pair, FORGIVEN.known, now)
      : Math.max(this.waitOf(names.key, FORGIVEN.key, now), this.waitOf(names.address, FORGIVEN.address, now))
    if (wait > 0)
      throw new Fault(
        'CREDENTIALS_LOCKED',
        `Too many wrong credentials came from ${address} or for ${key}; the next are looked at in ${String(Math.ceil(wait / 1000))} s.`,
        { address, key },
        wait,
      )
  }

  passed(key: string, address: string): void {
    const now = this.now()
    const { pair, key: ofKey } = namesOf(key, address)
    if (this.knownAt(pair) < now - HOUR_MS) {
      this.sql.of('DELETE FROM known_place WHERE at < ?').run(now - KNOWN_FOR_MS)
      this.sql.of('INSERT OR REPLACE INTO known_place (name, at) VALUES (?, ?)').run(pair, now)
    }
    for (const name of [pair, ofKey])
      if (this.failures(name).count > 0) this.sql.of('DELETE FROM failed_attempt WHERE name = ?').run(name)
  }

  failed(key: string, address: string): void {
    const now = this.now()
    this.trim(now)
    const add = this.sql.of(
      `INSERT INTO failed_attempt (name, count, last) VALUES (?1, 1, ?2)
       ON CONFLICT (name) DO UPDATE SET count = CASE WHEN last > ?3 THEN count + 1 ELSE 1 END, last = ?2`,
    )
    for (const name of Object.values(namesOf(key, address))) add.run(name, now, now - FORGOTTEN_AFTER_MS)
  }

  private waitOf(name: string, forgiven: number, now: number): number {
    const { count, last } = this.failures(name)
    if (count < forgiven) return 0
    return last + Math.min(FIRST_WAIT_MS * 2 ** (count - forgiven), LONGEST_WAIT_MS) - now
  }

  private failures(name: string): { count: number; last: number } {
    const row = this.sql.of('SELECT count, last FROM failed_attempt WHERE name = ?').get(name)
    return { count: Number(row?.['count'] ?? 0), last: Number(row?.['last'] ?? 0) }
  }

  private knownAt(pair: string): number {
    return Number(this.sql.of('SELECT at FROM known_place WHERE name = ?').get(pair)?.['at'] ?? 0)
  }

  /** What is forgotten goes, and the oldest make room. */
  private trim(now: number): void {
    if (this.sinceTrim++ % TRIM_EVERY > 0) return
    this.sql.of('DELETE FROM failed_attempt WHERE last <= ?').run(now - FORGOTTEN_AFTER_MS)
    this.sql
      .of(
        `DELETE FROM failed_attempt WHERE name IN
        (SELECT name FROM failed_attempt ORDER BY last DESC LIMIT -1 OFFSET ${String(MOST)})`,
      )
      .run()
  }
}

/** A client may call itself what it likes, also like an address: that is counted apart from the address. */
function namesOf(key: string, address: string): { key: string; address: string; pair: string } {
  return { key: `key ${key}`, address: `address ${address}`, pair: `pair ${key} ${address}` }
}
