import { Fault } from '../fault'
import { maskRecord } from '../record/mask'
import type { DataRecord } from '../record/value'
import { BothSides, type SideName } from './both-sides'
import type { FirstPass, FirstPassResult, KeyGroup, SideCounts } from './first-pass'
import { compareKeys } from './key-order'
import type { Group } from './key-table'
import { breakKey } from './key-text'
import { RuleKey } from './normalise'
import { keyGroup, type PassRequest } from './record-pass'
import { shownKey } from '../words'
import type { SideReader } from './side'
import { SortedSide, type Run } from './sorted-side'

/**
 * Two sides in the order of the key, side by side: it keeps a page of each, and all records of one key. The order is
 * looked at while it is read. What does not keep it stops the pass: groups that were told before cannot be taken back, and
 * reading once more in another way is for whoever declared the order to decide.
 *
 * Needs to know the fields to compare before it begins: pairs that agree are not kept to be looked at again.
 */
export class SortedPass implements FirstPass {
  readonly source: SideReader
  readonly target: SideReader
  private readonly sides: BothSides
  private readonly sorted: Readonly<Record<SideName, SortedSide>>
  private readonly keyFields: readonly string[]
  private agreed = 0

  constructor(private readonly request: PassRequest) {
    const { workflow } = request
    const [rule] = workflow.reconcile.match
    const key = new RuleKey(rule ?? { on: [], pairing: 'one-to-one', sum: [] })
    this.keyFields = rule?.on.map(({ field }) => field) ?? workflow.key
    this.sides = new BothSides(request)
    this.source = this.sides.source
    this.target = this.sides.target
    const sorted = (side: SideName): SortedSide =>
      new SortedSide(key, this.sides.pages(side), (record, before, index) =>
        this.notSorted(side, record, before, index),
      )
    this.sorted = { source: sorted('source'), target: sorted('target') }
  }

  async *unequal(): AsyncGenerator<readonly KeyGroup[]> {
    const { source, target } = this.sorted
    try {
      while (!source.isOver || !target.isOver) {
        await Promise.all([source, target].filter(({ isSpent }) => isSpent).map((side) => side.read()))
        yield this.merged(this.numbers())
        yield [...this.keyless(), ...this.sides.takeRefused()]
      }
    } finally {
      await Promise.all([source.close(), target.close()])
    }
  }

  result(): FirstPassResult {
    const counts = (side: SideName): SideCounts => this.sides.counts(side, this.sorted[side])
    return {
      source: counts('source'),
      target: counts('target'),
      agreed: this.agreed,
      totals: this.sides.groups(),
      method: 'sorted',
    }
  }

  /** As far as both sides were read. */
  private merged(numbers: readonly boolean[]): KeyGroup[] {
    const { source, target } = this.sorted
    const groups: KeyGroup[] = []
    while (!source.isSpent && !target.isSpent) {
      const [one, two] = [source.next, target.next]
      if (!one && !two) break
      const order = !one ? 1 : !two ? -1 : compareKeys(one.key, two.key, numbers)
      const group = { source: (order <= 0 && one?.records) || [], target: (order >= 0 && two?.records) || [] }
      if (order <= 0) source.step()
      if (order >= 0) target.step()
      if (this.isAgreed(group)) this.agreed++
      else groups.push(keyGroup(group, this.keyFields))
    }
    return groups
  }

  private isAgreed({ source, target }: Group<DataRecord>): boolean {
    const [[one, ...ones], [two, ...twos]] = [source, target]
    if (!one || !two || ones.length > 0 || twos.length > 0) return false
    return this.request.comparison.equal(one, two)
  }

  private keyless(): KeyGroup[] {
    const of = (side: SideName): KeyGroup[] =>
      this.sorted[side].takeKeyless().map((record) => {
        const group = { source: [], target: [], [side]: [record] }
        return keyGroup(group, this.keyFields)
      })
    return [...of('source'), ...of('target')]
  }

  /** @throws Fault SIDE_NOT_SORTED where one side is in the order of numbers and the other in that of texts */
  private numbers(): readonly boolean[] {
    const [ofSource, ofTarget] = [this.sorted.source.numbers, this.sorted.target.numbers]
    const at = ofSource?.findIndex((number, i) => ofTarget && ofTarget[i] !== number) ?? -1
    const field = this.keyFields[at]
    if (field === undefined) return ofSource ?? ofTarget ?? []
    const [numeric, textual] = ofSource?.[at] === true ? ['source', 'target'] : ['target', 'source']
    throw new Fault(
      'SIDE_NOT_SORTED',
      `${field} is a number in the ${numeric} and a text in the ${textual}, and these have different orders. Say its type in the schema of the workflow.`,
      { field },
    )
  }

  private notSorted(side: SideName, record: DataRecord, before: Run, index: number): Fault {
    const { connection } = this.request[side]
    const row = this[side].placeOf(index)
    const [key, above] = [this.shown(record), this.shown(before.records[0] ?? {})]
    return new Fault(
      'SIDE_NOT_SORTED',
      `The ${side} (${connection}) is not in the order of its key: ${row} has ${key} after ${above}. Sort it by ${this.keyFields.join(', ')}, numbers by value and texts by their bytes, or take sorted out of reconcile.`,
      { side, connection, row, key },
    )
  }

  private shown(record: DataRecord): string {
    return shownKey(breakKey(maskRecord(record, this.request.workflow.personal), this.keyFields))
  }
}
