import { Hasher } from '../record/hash'
import type { Break } from './break'
import type { Decision } from './store'

/** 16 hexadecimal digits over what both sides hold: a decision is for just this. */
export function breakHash({ kind, source, target, records, hash }: Break): string {
  if (hash !== undefined) return hash
  const hasher = new Hasher()
  hasher.text(kind)
  const { a, b } = hasher
  hasher.record({ source: source ?? null, target: target ?? null, records: records ? { ...records } : null })
  return hasher.chain(a, b).hex()
}

/** The decisions of a workflow that are in force. */
export class Decisions {
  private readonly accepted = new Map<string, Decision[]>()

  constructor(decisions: readonly Decision[], now: number) {
    for (const decision of decisions) {
      if (decision.until !== undefined && decision.until <= now) continue
      const same = this.accepted.get(decision.key) ?? []
      this.accepted.set(decision.key, [...same, decision])
    }
  }

  accept(one: Break): boolean {
    const decisions = this.accepted.get(one.key)?.filter(({ kind }) => kind === one.kind) ?? []
    if (decisions.length === 0) return false
    const hash = breakHash(one)
    return decisions.some((decision) => decision.hash === hash)
  }
}
