import type { CauseRule, Variant } from './rule'

export interface Finding extends Variant {
  rule: CauseRule
  /** Place of the rule in the list of causes. */
  order: number
  /** Place among what the rule found; at best. */
  rank: number
}

interface Counted {
  finding: Finding
  count: number
}

/** Distinct findings that are counted at once: beyond it, those seen least are forgotten. */
const MOST_COUNTED = 20_000
/** Findings that are weighed against each other. */
const MOST_CANDIDATES = 200
/** How often each finding is made over all breaks, and which of them are worth weighing. */
export class Tally {
  private counts = new Map<string, Counted>()
  private readonly breaksByFields = new Map<string, number>()

  add(fields: readonly string[], findings: readonly Finding[]): void {
    const name = nameOf(fields)
    if (name !== '') this.breaksByFields.set(name, (this.breaksByFields.get(name) ?? 0) + 1)
    for (const finding of findings) {
      const id = idOf(finding)
      const counted = this.counts.get(id)
      if (counted) {
        counted.count++
        if (finding.rank < counted.finding.rank) counted.finding = finding
      } else this.counts.set(id, { finding, count: 1 })
    }
    if (this.counts.size > MOST_COUNTED) this.forget()
  }

  /** The best supported first; each is more than chance. */
  candidates(): Candidate[] {
    const counted = [...this.counts.values()]
    const families = new Map<string, Counted[]>()
    for (const one of counted) {
      const family = families.get(familyOf(one.finding))
      if (family) family.push(one)
      else families.set(familyOf(one.finding), [one])
    }
    return counted
      .map(({ finding }) => {
        const family = families.get(familyOf(finding)) ?? []
        const part = family.filter((one) => covers(finding, one.finding))
        const support = part.reduce((sum, { count }) => sum + count, 0)
        return { finding, support, covers: part.map((one) => idOf(one.finding)) }
      })
      .filter(({ finding, support }) => this.isMoreThanChance(finding, support))
      .sort(bySupport)
      .slice(0, MOST_CANDIDATES)
  }

  isMoreThanChance({ rule, fields }: Finding, support: number): boolean {
    if (support < rule.atLeast) return false
    const breaks = this.breaksByFields.get(nameOf(fields)) ?? 0
    return support >= breaks * (rule.share ?? 0)
  }

  private forget(): void {
    const counts = [...this.counts.values()].map(({ count }) => count).sort((a, b) => b - a)
    const least = counts[MOST_COUNTED / 2] ?? 0
    this.counts = new Map([...this.counts].filter(([, { count }]) => count > least))
  }
}

/** A finding and those of fewer of its fields: where the others hold 0 or nothing, the same cause does not show. */
export interface Candidate {
  finding: Finding
  support: number
  /** Ids of those findings. */
  covers: readonly string[]
}

export function idOf(finding: Finding): string {
  return `${familyOf(finding)}\n${nameOf(finding.fields)}`
}

export function bySupport(one: Candidate, two: Candidate): number {
  return two.support - one.support || compareFindings(one.finding, two.finding)
}

/** A fixed order, for findings that explain as much. */
export function compareFindings(one: Finding, two: Finding): number {
  return (
    one.order - two.order ||
    one.fields.length - two.fields.length ||
    compare(nameOf(one.fields), nameOf(two.fields)) ||
    one.rank - two.rank ||
    compare(one.param, two.param)
  )
}

function familyOf({ rule, param }: Finding): string {
  return `${rule.id}\n${param}`
}

function nameOf(fields: readonly string[]): string {
  return fields.join('\n')
}

function covers(whole: Finding, part: Finding): boolean {
  return (
    part.fields.every((field) => whole.fields.includes(field)) && (part.fields.length > 0 || whole === part)
  )
}

function compare(one: string, two: string): number {
  return one < two ? -1 : one > two ? 1 : 0
}
