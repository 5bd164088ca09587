import { bySupport, idOf, type Candidate, type Finding, type Tally } from './tally'

interface Group {
  /** Indexes of the candidates that explain these breaks. */
  candidates: readonly number[]
  count: number
  chosen?: Finding
}

/** Breaks by the candidates that explain them, so that they are weighed as groups and not one by one. */
export class Assignment {
  private readonly candidates: readonly Candidate[]
  private readonly groups = new Map<string, Group>()

  /** Indexes of the candidates that a finding counts for, by its id. */
  private readonly explainedBy = new Map<string, number[]>()

  constructor(private readonly tally: Tally) {
    this.candidates = tally.candidates()
    for (const [at, { covers }] of this.candidates.entries()) {
      for (const id of covers) this.explainedBy.set(id, [...(this.explainedBy.get(id) ?? []), at])
    }
  }

  count(findings: readonly Finding[]): void {
    const candidates = this.explaining(findings)
    if (candidates.length === 0) return
    const name = candidates.join(' ')
    const group = this.groups.get(name)
    if (group) group.count++
    else this.groups.set(name, { candidates, count: 1 })
  }

  /** Again and again the candidate that explains most of what is left, as long as that is more than chance. */
  decide(): void {
    let free = [...this.groups.values()]
    for (;;) {
      const best = this.candidates
        .map((candidate, at) => ({ ...candidate, at, support: support(free, at) }))
        .filter((one) => one.support > 0 && this.tally.isMoreThanChance(one.finding, one.support))
        .sort(bySupport)[0]
      if (!best) return
      for (const group of free) if (group.candidates.includes(best.at)) group.chosen = best.finding
      free = free.filter(({ chosen }) => !chosen)
    }
  }

  chosen(findings: readonly Finding[]): Finding | undefined {
    return this.groups.get(this.explaining(findings).join(' '))?.chosen
  }

  private explaining(findings: readonly Finding[]): number[] {
    const found = new Set(findings.flatMap((finding) => this.explainedBy.get(idOf(finding)) ?? []))
    return [...found].sort((a, b) => a - b)
  }
}

function support(groups: readonly Group[], candidate: number): number {
  return groups.reduce((sum, { candidates, count }) => sum + (candidates.includes(candidate) ? count : 0), 0)
}
