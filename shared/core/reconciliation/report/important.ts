import type { Break } from '../break'

/**
 * The breaks that matter most: open ones before others, those that move the totals most before others, then in their
 * order. Reads all and holds no more than twice as many as it answers.
 */
export async function mostImportant(
  breaks: AsyncIterable<readonly Break[]>,
  most: number,
): Promise<readonly Break[]> {
  let kept: Ranked[] = []
  let order = 0
  const cut = (): void => {
    kept = kept.sort(byRank).slice(0, most)
  }
  for await (const page of breaks) {
    for (const one of page) {
      kept.push({ one, effect: one.effect.map((text) => Math.abs(Number(text))), order: order++ })
      if (kept.length >= most * 2) cut()
    }
  }
  cut()
  return kept.map(({ one }) => one)
}

interface Ranked {
  one: Break
  /** Doubles are enough to tell the larger. */
  effect: readonly number[]
  order: number
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
