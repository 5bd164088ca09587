import type { DataRecord } from '../record/value'
import type { Break, BreakKind, BreakLog, FieldBreak } from './break'
import { exactMatch } from './defaults'
import { dimensionReader } from './dimension'
import { effectOf, measureReaders, type MeasureReader } from './measure'
import { RuleKey } from './normalise'
import { addTexts } from './numbers'
import type { ReconcileSettings } from './settings'

/** What belongs together, and what is to be said of it. */
export interface Found {
  kind: BreakKind
  key: string
  rule: number
  source: readonly DataRecord[]
  target: readonly DataRecord[]
  /** Of the key, on each side. */
  records: { source: number; target: number }
  fields: readonly FieldBreak[]
}

const PAGE = 500

/** Counts pairs, and turns what disagrees into breaks, which go to the log by the page. */
export class Findings {
  breaks = 0
  pairs = 0
  agreed = 0
  tolerated = 0
  /** Of the breaks, those that the target has under another key. */
  underOtherKey = 0
  /** By measure: what pairs that agree still add to source minus target. */
  readonly toleratedEffect: string[]
  private readonly dimensions: (record: DataRecord) => string[]
  private readonly measures: readonly MeasureReader[]
  private readonly key: RuleKey
  private waiting: Break[] = []

  constructor(
    settings: ReconcileSettings,
    key: readonly string[],
    private readonly log: BreakLog,
    private readonly stateOf: (found: Break) => Break['state'],
  ) {
    this.dimensions = dimensionReader(settings)
    this.measures = measureReaders(settings)
    this.key = new RuleKey(exactMatch(key))
    this.toleratedEffect = this.measures.map(() => '0')
  }

  /** Pairs that were found equal by the first pass. */
  agree(pairs: number): void {
    this.pairs += pairs
    this.agreed += pairs
  }

  /** Records that agree, exactly or within tolerance. */
  tie(verdict: 'equal' | 'tolerated', source: readonly DataRecord[], target: readonly DataRecord[]): void {
    this.pairs++
    if (verdict === 'equal') this.agreed++
    else this.tolerated++
    const effect = effectOf(this.measures, source, target)
    for (const [i, text] of effect.entries())
      this.toleratedEffect[i] = addTexts(this.toleratedEffect[i] ?? '0', text)
  }

  add(found: Found): void {
    if (found.kind === 'differs') this.pairs++
    const [source] = found.source
    const [target] = found.target
    const otherKey =
      found.kind === 'differs' && source && !found.target.every((one) => this.key.same(source, one))
    if (otherKey === true) this.underOtherKey++
    const { source: ofSource, target: ofTarget } = found.records
    const one: Break = {
      kind: found.kind,
      key: found.key,
      rule: found.rule,
      ...(source ? { source } : {}),
      ...(target ? { target } : {}),
      ...(ofSource > 1 || ofTarget > 1 ? { records: found.records } : {}),
      ...(otherKey === true ? { otherKey } : {}),
      fields: found.fields,
      dimensions: this.dimensions(source ?? target ?? {}),
      effect: effectOf(this.measures, found.source, found.target),
      state: 'open',
    }
    one.state = this.stateOf(one)
    this.waiting.push(one)
    this.breaks++
  }

  /** Saves the breaks that wait, when there are enough or it is the end. */
  async save(end = false): Promise<void> {
    if (this.waiting.length === 0 || (!end && this.waiting.length < PAGE)) return
    const breaks = this.waiting
    this.waiting = []
    await this.log.add(breaks)
  }
}
