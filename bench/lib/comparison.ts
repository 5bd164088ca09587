/** One line of a bench: ours against what a user would pick instead, measured in the same call. */
export interface Comparison {
  bench: string
  peer: string
  rows: number
  metric: 'wall' | 'cpu' | 'peak' | 'block'
  /** Seconds for wall, cpu and block; MiB for peak. Medians. */
  ours: number
  theirs: number
  /** ours / theirs: below 1 is better than the peer. */
  ratio: number
}

export function print(comparison: Omit<Comparison, 'ratio'>): void {
  const { ours, theirs } = comparison
  const line: Comparison = {
    ...comparison,
    ours: round(ours),
    theirs: round(theirs),
    ratio: round(ours / theirs),
  }
  console.log(JSON.stringify(line))
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, two) => one - two)
  const middle = sorted.length >> 1
  const high = sorted[middle] ?? NaN
  return sorted.length % 2 === 1 ? high : (high + (sorted[middle - 1] ?? NaN)) / 2
}

/** Runs the contenders in turns, so that a busy machine hurts all alike. */
export async function interleave<T>(
  rounds: number,
  contenders: Readonly<Record<string, () => Promise<T>>>,
): Promise<Record<string, T[]>> {
  const results: Record<string, T[]> = {}
  for (let round = 1; round <= rounds; round++) {
    for (const [name, run] of Object.entries(contenders)) {
      const result = await run()
      results[name] = [...(results[name] ?? []), result]
      console.error(`round ${String(round)} ${name}: ${JSON.stringify(result)}`)
    }
  }
  return results
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}
