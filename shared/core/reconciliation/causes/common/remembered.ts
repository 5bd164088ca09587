import type { KeptBreak } from '../../break'
import type { Finding } from './tally'

/** Breaks whose findings are kept; those of more are made again each time. */
const MOST = 50_000

/** What is found in each break, so that it need not be found again. */
export class Remembered {
  private readonly found = new Map<number, readonly Finding[]>()
  private asked = 0

  constructor(private readonly find: (one: KeptBreak) => readonly Finding[]) {}

  of(one: KeptBreak): readonly Finding[] {
    const known = this.found.get(one.id)
    if (known) return known
    const findings = this.find(one)
    this.asked++
    if (this.found.size < MOST) this.found.set(one.id, findings)
    return findings
  }

  /** Of all breaks that were asked for; undefined where those were too many. */
  all(): Iterable<readonly Finding[]> | undefined {
    return this.asked === this.found.size ? this.found.values() : undefined
  }
}
