import type { DataRecord } from '../../record/value'

interface Count {
  failed: number
  passed: number
}

/** How many failed and passed records meet each condition, and each two of them. */
export class Counts {
  private readonly failed: Float64Array
  private readonly passed: Float64Array
  private readonly met: number[] = []

  constructor(private readonly conditions: readonly ((record: DataRecord) => boolean)[]) {
    this.failed = new Float64Array(conditions.length ** 2)
    this.passed = new Float64Array(conditions.length ** 2)
  }

  add(record: DataRecord, failed: boolean): void {
    const { conditions, met } = this
    const counts = failed ? this.failed : this.passed
    met.length = 0
    for (const [i, holds] of conditions.entries()) if (holds(record)) met.push(i)
    for (const one of met) {
      for (const other of met) {
        const at = one * conditions.length + other
        counts[at] = (counts[at] ?? 0) + 1
      }
    }
  }

  of(condition: number): Count {
    return this.at(condition, condition)
  }

  /** Each two once. */
  pairs(): (Count & { one: number; other: number })[] {
    const { length } = this.conditions
    const pairs = []
    for (let one = 0; one < length; one++) {
      for (let other = one + 1; other < length; other++) pairs.push({ one, other, ...this.at(one, other) })
    }
    return pairs
  }

  private at(one: number, other: number): Count {
    const at = one * this.conditions.length + other
    return { failed: this.failed[at] ?? 0, passed: this.passed[at] ?? 0 }
  }
}
