import type { DataRecord } from '../../record/value'
import type { KeyGroup } from '../first-pass'
import { breakKey } from '../key-text'
import type { ReconcileSettings } from '../settings'
import { Totals } from '../totals'
import type { ByteScan } from './byte-scan'
import type { FieldPlan } from './column-plan'
import type { SideNumber } from './pair-table'
import { RowHash } from './row-hash'
import { RowKey } from './row-key'

/** Where the rows of both sides go: those that need nothing but their bytes stay in the scan. */
export interface Intake {
  scan: ByteScan
  recordTotals: Totals
  /** Groups of rows that have no key or are no records. */
  waiting: KeyGroup[]
}

export function newIntake(settings: ReconcileSettings, scan: ByteScan): Intake {
  return { scan, recordTotals: new Totals(settings), waiting: [] }
}

const UNREADABLE: DataRecord = {}

/** Takes in what the scan leaves to it of the rows of one side. */
export class RowIntake {
  keyless = 0
  private readonly name: 'source' | 'target'
  private readonly key: RowKey
  private readonly hash: RowHash
  private readonly keyFields: readonly string[]

  constructor(
    readonly side: SideNumber,
    settings: ReconcileSettings,
    plan: FieldPlan,
    private readonly into: Intake,
  ) {
    this.name = side === 0 ? 'source' : 'target'
    this.key = new RowKey(into.scan, plan)
    this.hash = new RowHash(into.scan, plan)
    this.keyFields = settings.match[0]?.on.map(({ field }) => field) ?? []
  }

  /** Puts the key of the row at hand together. @returns whether it has one */
  rowKey(): boolean {
    return this.key.ofRow()
  }

  /** @param place where its row begins in all files of the side together */
  record(record: DataRecord, place: number): void {
    const { recordTotals, scan } = this.into
    recordTotals[this.name](record)
    if (this.key.ofRecord(record)) {
      this.hash.ofRecord(record)
      scan.code.takeRecord(place)
    } else {
      this.keyless++
      this.alone(breakKey(record, this.keyFields), record)
    }
  }

  /** @param key says where it stands */
  refused(key: string): void {
    this.into.recordTotals[this.name](UNREADABLE)
    this.alone(key, UNREADABLE)
  }

  private alone(key: string, record: DataRecord): void {
    this.into.waiting.push({ key, source: [], target: [], [this.name]: [record] })
  }
}
