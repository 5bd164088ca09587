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
const MOST = 50_000

interface Failures {
  count: number
  last: number
}

/**
 * Holds up those who keep sending wrong credentials, by key and by address, each time twice as long. In memory: a
 * gateway that starts again forgives.
 */
export class Lockout {
  private readonly failures = new Map<string, Failures>()
  private readonly known = new Map<string, number>()

  constructor(private readonly now: () => number) {}

  /** @param key the visible part of what was sent @throws Fault CREDENTIALS_LOCKED */
  check(key: string, address: string): void {
    const now = this.now()
    const pair = `${key} ${address}`
    const isKnown = (this.known.get(pair) ?? 0) > now - KNOWN_FOR_MS
    const wait = isKnown
      ? this.waitOf(pair, FORGIVEN.known, now)
      : Math.max(this.waitOf(key, FORGIVEN.key, now), this.waitOf(address, FORGIVEN.address, now))
    if (wait > 0)
      throw new Fault(
        'CREDENTIALS_LOCKED',
        `Too many wrong credentials came from ${address} or for ${key}; the next are looked at in ${String(Math.ceil(wait / 1000))} s.`,
        { address, key },
        wait,
      )
  }

  passed(key: string, address: string): void {
    const pair = `${key} ${address}`
    this.known.delete(pair)
    keep(this.known, pair, this.now())
    this.failures.delete(pair)
    this.failures.delete(key)
  }

  failed(key: string, address: string): void {
    const now = this.now()
    for (const name of [key, address, `${key} ${address}`]) {
      const before = this.failures.get(name)
      const count = before && before.last > now - FORGOTTEN_AFTER_MS ? before.count : 0
      this.failures.delete(name)
      keep(this.failures, name, { count: count + 1, last: now })
    }
  }

  private waitOf(name: string, forgiven: number, now: number): number {
    const { count, last } = this.failures.get(name) ?? { count: 0, last: 0 }
    if (count < forgiven) return 0
    return last + Math.min(FIRST_WAIT_MS * 2 ** (count - forgiven), LONGEST_WAIT_MS) - now
  }
}

/** The oldest make room. */
function keep<Value>(map: Map<string, Value>, name: string, value: Value): void {
  map.set(name, value)
  if (map.size <= MOST) return
  const [oldest] = map.keys()
  if (oldest !== undefined) map.delete(oldest)
}
