/** Numbers that look random and are the same in every run (a linear congruential generator, Knuth's MMIX). */
export class Random {
  private state: bigint

  constructor(seed: number) {
    this.state = BigInt(seed)
    this.below(1)
  }

  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number {
    this.state = (this.state * 6364136223846793005n + 1442695040888963407n) & ((1n << 64n) - 1n)
    return Number((this.state >> 33n) % BigInt(limit))
  }

  between(least: number, most: number): number {
    return least + this.below(most - least + 1)
  }

  pick<T>(choice: readonly [T, ...T[]]): T {
    return choice[this.below(choice.length)] ?? choice[0]
  }

  shuffled<T>(items: readonly T[]): T[] {
    const left = [...items]
    return items.flatMap(() => left.splice(this.below(left.length), 1))
  }
}
