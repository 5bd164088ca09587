import type { Ports } from '../ports'
import type { DataRecord } from '../record/value'
import { isObject } from '../record/value'
import { BothSides, type Reading, type SideName } from './both-sides'
import type { Comparison } from './comparison'
import type { FirstPassResult, KeyGroup, FirstPass, SideCounts } from './first-pass'
import { Join } from './join'
import { breakKey } from './key-text'
import type { Group, Packing } from './key-table'
import { RuleKey } from './normalise'
import { Pace } from './pace'
import type { SideReader } from './side'

export interface PassRequest extends Reading {
  /** Is told the fields that the sides have, and compares by them. */
  comparison: Comparison
  ports: Pick<Ports, 'clock' | 'spill'>
}

/** Record by record, over anything that can be read. */
export class RecordPass implements FirstPass {
  readonly source: SideReader
  readonly target: SideReader
  private readonly sides: BothSides
  private readonly join: Join<DataRecord>
  private readonly keyFields: readonly string[]

  constructor(private readonly request: PassRequest) {
    const { workflow, comparison, ports, signal } = request
    const { reconcile } = workflow
    const [rule] = reconcile.match
    this.sides = new BothSides(request)
    this.source = this.sides.source
    this.target = this.sides.target
    this.keyFields = rule?.on.map(({ field }) => field) ?? workflow.key
    this.join = new Join({
      key: new RuleKey(rule ?? { on: [], pairing: 'one-to-one', sum: [] }),
      packing: AS_IT_IS,
      equal: (source, target, same) => (same && comparison.plain) || comparison.equal(source, target),
      memory: reconcile.memory,
      spill: ports.spill,
      pace: new Pace(ports.clock, signal),
      read: () => comparison.narrow(this.source.fields, this.target.fields),
    })
  }

  async *unequal(): AsyncGenerator<readonly KeyGroup[]> {
    const groups = this.join.unequal(this.sides.pages('source'), this.targetPages())
    for await (const page of groups) {
      yield page.map((group) => keyGroup(group, this.keyFields))
      yield this.sides.takeRefused()
    }
  }

  result(): FirstPassResult {
    const { agreed, repeated, keyless } = this.join.result
    const counts = (side: SideName): SideCounts =>
      this.sides.counts(side, { repeated: repeated[side], keyless: keyless[side] })
    return {
      source: counts('source'),
      target: counts('target'),
      agreed,
      totals: this.sides.groups(),
      method: 'records',
    }
  }

  /** The fields of the first page are taken for those of the target; what comes later is looked at again. */
  private async *targetPages(): AsyncGenerator<readonly DataRecord[]> {
    let first = true
    for await (const page of this.sides.pages('target')) {
      if (first) this.request.comparison.narrow(this.source.fields, this.target.fields)
      first = false
      yield page
    }
  }
}

export function keyGroup({ source, target }: Group<DataRecord>, key: readonly string[]): KeyGroup {
  const [record] = source.length > 0 ? source : target
  return { key: breakKey(record ?? {}, key), source, target }
}

export const AS_IT_IS: Packing<DataRecord> = {
  record: (item) => item,
  pack: (item) => item,
  unpack: (value) => (isObject(value) ? { ...value } : {}),
}
