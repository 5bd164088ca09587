import type { Spill } from '../ports'
import { keyText } from '../record/key'
import type { Workflow } from '../workflow'
import type { Comparison } from './comparison'
import type { Findings } from './findings'
import type { KeyGroup } from './first-pass'
import { Join } from './join'
import type { DataRecord } from '../record/value'
import { breakKey } from './key-text'
import type { Group } from './key-table'
import { LEFTOVER, records, type Leftover } from './leftover'
import { RulePairing } from './match-rule'
import { RuleKey } from './normalise'
import type { Pace } from './pace'
import { inOrder } from './pairing'
import { Part, SpillFile } from './partitions'

/**
 * Tries the match rules in their order: the first on the groups of the first pass, each further one on what is left. What
 * no rule has paired in the end is missing on the other side or, where the other side has its key, a duplicate.
 */
export class Matching {
  private readonly rules: readonly RulePairing[]
  private readonly keyFields: readonly string[]
  private readonly matchesByKey: boolean
  private left: Pool

  constructor(
    private readonly workflow: Workflow,
    comparison: Comparison,
    private readonly findings: Findings,
    private readonly spill: Spill,
    private readonly pace: Pace,
  ) {
    const { match } = workflow.reconcile
    this.rules = match.map((rule, i) => new RulePairing(rule, i + 1, comparison, findings))
    this.keyFields = match[0]?.on.map(({ field }) => field) ?? []
    this.matchesByKey = JSON.stringify(this.keyFields) === JSON.stringify(workflow.key)
    this.left = new Pool(spill)
  }

  async first(groups: readonly KeyGroup[]): Promise<void> {
    for (const group of groups) {
      const left = this.rules[0]?.apply(this.leftoversOf(group))
      if (!left) continue
      if (this.rules.length > 1) this.left.add(left)
      else this.leave(left)
    }
    await this.findings.save()
    await this.pace.step()
  }

  async others(): Promise<void> {
    for (const [i, rule] of this.workflow.reconcile.match.entries()) {
      const pairing = this.rules[i]
      if (i === 0 || !pairing) continue
      const rest = new Pool(this.spill)
      await this.joined(new RuleKey(rule), (group) => {
        rest.add(pairing.apply(group))
      })
      this.left.drop()
      this.left = rest
    }
    const [first] = this.workflow.reconcile.match
    if (first && this.rules.length > 1)
      await this.joined(new RuleKey(first), (group) => {
        this.leave(group)
      })
    await this.findings.save(true)
  }

  drop(): void {
    this.left.drop()
  }

  private async joined(key: RuleKey, each: (group: Group<Leftover>) => void): Promise<void> {
    const { spill, pace } = this
    const { memory } = this.workflow.reconcile
    const join = new Join({ key, packing: LEFTOVER, equal: () => false, memory, spill, pace })
    for await (const groups of join.unequal(this.left.source.read(), this.left.target.read())) {
      groups.forEach(each)
      await this.findings.save()
    }
  }

  private leftoversOf({ key, source, target }: KeyGroup): Group<Leftover> {
    const all = source.length > 0 ? source : target
    const [first] = all.length > 1 ? inOrder(all) : []
    const ofGroup = first ? breakKey(first, this.keyFields) : key
    const leftover = (record: DataRecord): Leftover => ({
      record,
      key: this.ownKey(record) ?? ofGroup,
      source: source.length,
      target: target.length,
    })
    return { source: source.map(leftover), target: target.map(leftover) }
  }

  /** By the key of the workflow syncs, exceptions and decisions know a record, also where another field matches it. */
  private ownKey(record: DataRecord): string | undefined {
    return this.matchesByKey ? undefined : keyText(record, this.workflow.key)
  }

  /** One break for all that is left of a key. */
  private leave({ source, target }: Group<Leftover>): void {
    const [sources, targets] = [inOrder(records(source)), inOrder(records(target))]
    const [first] = sources.length > 0 ? sources : targets
    const one = [...source, ...target].find(({ record }) => record === first)
    if (!one) return
    const both = (one.source > 0 && one.target > 0) || (source.length > 0 && target.length > 0)
    this.findings.add({
      kind: both ? 'duplicate' : source.length > 0 ? 'missing-in-target' : 'missing-in-source',
      key: one.key,
      rule: both ? 1 : this.rules.length,
      source: sources,
      target: targets,
      records: both
        ? { source: one.source, target: one.target }
        : { source: source.length, target: target.length },
      fields: [],
    })
  }
}

/** What is left of both sides, on disk: it may be much. */
class Pool {
  readonly source: Part<Leftover>
  readonly target: Part<Leftover>
  private readonly file: SpillFile

  constructor(spill: Spill) {
    this.file = new SpillFile(spill)
    this.source = new Part(this.file, LEFTOVER)
    this.target = new Part(this.file, LEFTOVER)
  }

  add({ source, target }: Group<Leftover>): void {
    for (const item of source) this.source.add(item)
    for (const item of target) this.target.add(item)
  }

  drop(): void {
    this.file.drop()
  }
}
