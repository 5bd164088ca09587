import type { FaultNote } from '../fault'
import type { BreakKind } from './break'
import type { GroupTotals, SideCounts } from './first-pass'
import type { MeasureTotals } from './measure-totals'

/** The result of reconciling one workflow once: what the report shows and what a person signs. Plain JSON. */
export interface Reconciliation {
  reconciliation: 1
  /** The run. */
  id: string
  workflow: string
  title: string
  status: 'ties-out' | 'breaks' | 'failed'
  /** ISO 8601, UTC: records that changed later are not reported. */
  asOf: string
  started: string
  ended: string
  source: Side
  target: Side
  /** Pairs that were compared, and how many agree exactly or within tolerance. */
  compared: { pairs: number; agreed: number; tolerated: number }
  /** What was compared and how, in words; what was not, and why. */
  rules: { match: readonly string[]; fields: readonly FieldRule[]; ignored: readonly Ignored[] }
  breaks: {
    open: number
    pending: number
    accepted: number
    /** Open ones. */
    byKind: Readonly<Record<BreakKind, number>>
    /** Open ones by field that differs, most first. */
    byField: readonly { field: string; breaks: number }[]
  }
  /** By measure: the tie-out figure. */
  measures: readonly MeasureTie[]
  dimensions: readonly string[]
  /** Largest difference first. */
  totals: readonly GroupTie[]
  /** Largest support first. */
  causes: readonly Cause[]
  /** Equal totals that hide unequal records, in words. */
  offsetting: readonly string[]
  method: 'records' | 'sorted' | 'bytes' | 'push-down'
  notes: readonly string[]
  /** Of the reconciliation before this one, and how old the oldest open break is. */
  trend: readonly TrendPoint[]
  oldest?: string
  fault?: FaultNote
  /** SHA-256 in hex over everything above and all breaks: what a signature is for. */
  contentHash: string
}

export interface Side extends SideCounts {
  connection: string
  stream: string
}

export interface FieldRule {
  field: string
  rule: string
}

export interface Ignored {
  field: string
  why: string
}

export interface MeasureTie {
  measure: string
  source: MeasureTotals
  target: MeasureTotals
  /** Source minus target, and how it comes about: decimal texts that add up to it. */
  difference: string
  ofBreaks: string
  ofPending: string
  ofAccepted: string
  tolerated: string
  tiesOut: boolean
}

export interface GroupTie extends GroupTotals {
  differences: readonly string[]
  /** Open ones. */
  breaks: number
}

export interface Cause {
  id: string
  title: string
  /** Such as 'The sign of quantity is turned round: accounts for 312 of 340 breaks'. */
  sentence: string
  breaks: number
  of: number
  /** Keys of a few. */
  examples: readonly string[]
  /** What to do about it. */
  advice: string
}

export interface TrendPoint {
  id: string
  ended: string
  open: number
  difference: readonly string[]
}
