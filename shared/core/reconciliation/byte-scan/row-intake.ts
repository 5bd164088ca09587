import type { DataRecord } from '../../record/value'
import type { KeyGroup } from '../first-pass'
import { breakKey } from '../key-text'
import type { ReconcileSettings } from '../settings'
import { Totals } from '../totals'
import { ByteTotals } from './byte-totals'
import type { FieldPlan } from './column-plan'
import type { PairSink, SideNumber } from './pair-table'
import { RowGroup } from './row-group'
import { RowHash } from './row-hash'
import { RowKey } from './row-key'
import type { RowSlots } from './row-slots'
import type { RowSink } from './side-scan'

/** Where the rows of both sides go. */
export interface Intake {
  /** By their key. */
  rows: PairSink
  totals: ByteTotals
  recordTotals: Totals
  /** Groups of rows that have no key or are no records. */
  waiting: KeyGroup[]
}

export function newIntake(settings: ReconcileSettings, plan: FieldPlan, rows: PairSink): Intake {
  return { rows, totals: new ByteTotals(settings, plan), recordTotals: new Totals(settings), waiting: [] }
}

const UNREADABLE: DataRecord = {}

/** Takes in the rows of one side: their totals, and key and hash. */
export class RowIntake implements RowSink {
  keyless = 0
  private readonly name: 'source' | 'target'
  private readonly key: RowKey
  private readonly group: RowGroup
  private readonly hash: RowHash
  private readonly keyFields: readonly string[]

  constructor(
    private readonly side: SideNumber,
    settings: ReconcileSettings,
    plan: FieldPlan,
    private readonly into: Intake,
  ) {
    this.name = side === 0 ? 'source' : 'target'
    this.key = new RowKey(plan)
    this.group = new RowGroup(settings, plan)
    this.hash = new RowHash(plan)
    this.keyFields = settings.match[0]?.on.map(({ field }) => field) ?? []
  }

  plain(walk: RowSlots, place: number): boolean {
    const { hash, group, side } = this
    const { totals, rows } = this.into
    if (!totals.take(walk) || !group.ofWalk(walk) || !this.key.ofWalk(walk, rows.key)) return false
    totals.add(side, group, walk)
    hash.ofWalk(walk)
    rows.add(side, hash.a, hash.b, place)
    return true
  }

  record(record: DataRecord, walk: RowSlots, place: number): void {
    const { hash } = this
    const { recordTotals, rows } = this.into
    recordTotals[this.name](record)
    if (this.key.ofRecord(record, rows.key)) {
      hash.ofRecord(record, walk)
      rows.add(this.side, hash.a, hash.b, place)
    } else {
      this.keyless++
      this.alone(breakKey(record, this.keyFields), record)
    }
  }

  refused(key: string): void {
    this.into.recordTotals[this.name](UNREADABLE)
    this.alone(key, UNREADABLE)
  }

  private alone(key: string, record: DataRecord): void {
    this.into.waiting.push({ key, source: [], target: [], [this.name]: [record] })
  }
}
