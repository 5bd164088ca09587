import type { Ports } from '../ports'
import type { DataRecord } from '../record/value'
import { isObject } from '../record/value'
import type { Workflow } from '../workflow'
import type { Comparison } from './comparison'
import type { FirstPassResult, KeyGroup, FirstPass, SideCounts } from './first-pass'
import { Join } from './join'
import { breakKey } from './key-text'
import type { Group, Packing } from './key-table'
import { RuleKey } from './normalise'
import { Pace } from './pace'
import { SideReader, type SideInput } from './side'
import { Totals } from './totals'

export interface PassRequest {
  workflow: Workflow
  source: SideInput
  target: SideInput
  /** Is told the fields that the sides have, and compares by them. */
  comparison: Comparison
  ports: Pick<Ports, 'clock' | 'spill'>
  signal: AbortSignal
  onRead: (read: number) => void
}

/** Record by record, over anything that can be read. */
export class RecordPass implements FirstPass {
  readonly source: SideReader
  readonly target: SideReader
  private readonly totals: Totals
  private readonly join: Join<DataRecord>
  private readonly keyFields: readonly string[]
  private read = 0

  constructor(private readonly request: PassRequest) {
    const { workflow, comparison, ports, signal } = request
    const { reconcile } = workflow
    const [rule] = reconcile.match
    this.totals = new Totals(reconcile)
    const { totals } = this
    this.source = new SideReader(
      request.source,
      signal,
      (record) => {
        totals.source(record)
      },
      () => {
        totals.source(UNREADABLE)
      },
      reconcile.cutOff?.field,
    )
    this.target = new SideReader(
      request.target,
      signal,
      (record) => {
        totals.target(record)
      },
      () => {
        totals.target(UNREADABLE)
      },
      reconcile.cutOff?.field,
    )
    this.keyFields = rule?.on.map(({ field }) => field) ?? workflow.key
    this.join = new Join({
      key: new RuleKey(rule ?? { on: [], pairing: 'one-to-one', sum: [] }),
      packing: AS_IT_IS,
      equal: (source, target) => comparison.equal(source, target),
      memory: reconcile.memory,
      spill: ports.spill,
      pace: new Pace(ports.clock, signal),
      read: () => comparison.narrow(this.source.fields, this.target.fields),
    })
  }

  async *unequal(): AsyncGenerator<readonly KeyGroup[]> {
    const groups = this.join.unequal(this.pagesOf(this.source), this.targetPages())
    for await (const page of groups) {
      yield page.map((group) => keyGroup(group, this.keyFields))
      yield [
        ...this.source.takeRefused().map((key): KeyGroup => ({ key, source: [UNREADABLE], target: [] })),
        ...this.target.takeRefused().map((key): KeyGroup => ({ key, source: [], target: [UNREADABLE] })),
      ]
    }
  }

  result(): FirstPassResult {
    const { agreed, repeated, keyless } = this.join.result
    const counts = (side: 'source' | 'target'): SideCounts => ({
      records: this[side].records,
      repeated: repeated[side],
      unreadable: this[side].refusals + keyless[side],
    })
    return {
      source: counts('source'),
      target: counts('target'),
      agreed,
      totals: this.totals.groups(),
      method: 'records',
    }
  }

  private async *pagesOf(side: SideReader): AsyncGenerator<readonly DataRecord[]> {
    for await (const page of side.pages()) {
      this.read += page.length
      this.request.onRead(this.read)
      yield page
    }
  }

  /** The fields of the first page are taken for those of the target; what comes later is looked at again. */
  private async *targetPages(): AsyncGenerator<readonly DataRecord[]> {
    let first = true
    for await (const page of this.pagesOf(this.target)) {
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

/** What is compared and added up of a row that could not be read. */
const UNREADABLE: DataRecord = {}

export const AS_IT_IS: Packing<DataRecord> = {
  record: (item) => item,
  pack: (item) => item,
  unpack: (value) => (isObject(value) ? { ...value } : {}),
}
