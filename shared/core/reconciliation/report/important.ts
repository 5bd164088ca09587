import type { Break, BreakKind } from '../break'

/** Kinds of breaks: each has this share of the places at least, where it has so many. */
const KINDS = 4

/**
 * The breaks that matter most: open ones before others, those that move the totals most before others, then in their
 * order; of each kind some. Reads all and holds a few times as many as it answers.
 */
export async function mostImportant(
  breaks: AsyncIterable<readonly Break[]>,
  most: number,
): Promise<readonly Break[]> {
  const kinds = new Map<BreakKind, Ranked[]>()
  let order = 0
  for await (const page of breaks) {
    for (const one of page) {
      const kept = kinds.get(one.kind) ?? []
      kept.push({ one, effect: one.effect.map((text) => Math.abs(Number(text))), order: order++ })
      kinds.set(one.kind, kept.length >= most * 2 ? best(kept, most) : kept)
    }
  }
  const share = Math.floor(most / KINDS)
  const sorted = [...kinds.values()].map((kept) => best(kept, most))
  const sure = sorted.flatMap((kept) => kept.slice(0, share))
  const rest = sorted.flatMap((kept) => kept.slice(share))
  return best([...sure, ...best(rest, most - sure.length)], most).map(({ one }) => one)
}

interface Ranked {
  one: Break
  /** Doubles are enough to tell the larger. */
  effect: readonly number[]
  order: number
}

function best(ranked: readonly Ranked[], most: number): Ranked[] {
  return [...ranked].sort(byRank).slice(0, most)
}

const STATES: Readonly<Record<Break['state'], number>> = { open: 0, pending: 1, accepted: 2 }

function byRank(one: Ranked, other: Ranked): number {
  const byState = STATES[one.one.state] - STATES[other.one.state]
  if (byState !== 0) return byState
  for (const [at, effect] of one.effect.entries()) {
    const difference = (other.effect[at] ?? 0) - effect
    if (difference !== 0) return difference
  }
  return one.order - other.order
}
