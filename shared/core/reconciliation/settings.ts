import type { DataRecord } from '../record/value'

/** The `reconcile` part of a workflow, with every default filled in. Fields are those of the mapped record. */
export interface ReconcileSettings {
  /** How the target is read where that differs from how it is written; settings of the connector's source. */
  read?: { stream?: string; settings: DataRecord }
  /** Tried in order: what one leaves unmatched goes to the next. At least one. */
  match: readonly MatchRule[]
  /** Fields to compare; absent: those of the schema, else those that both sides have. */
  fields?: readonly string[]
  /** How a field is compared; one that is not named compares exactly. */
  compare: Readonly<Record<string, CompareRule>>
  /** Not compared, and said so in the report. */
  ignore: readonly string[]
  dimensions: readonly Dimension[]
  measures: readonly Measure[]
  /** Breaks of records that changed later than `windowMs` before the reconciliation began are pending. */
  cutOff?: { field: string; windowMs: number }
  /** Breaks are looked at again after this time, where both sides can look up by key; gone ones are not reported. */
  secondLookMs?: number
  /** How far a total may be off and still tie out, by measure. */
  totals: Readonly<Record<string, number>>
  /** Bytes that matching may take before it goes to disk. */
  memory: number
  /** Both sides come in the order of the key, so that matching keeps nothing of them. */
  sorted: boolean
  /** Whether breaks raise exceptions. */
  exceptions: boolean
}

export interface MatchRule {
  /** Fields that must agree, and how each is made alike before. */
  on: readonly KeyField[]
  /** Default one-to-one. The others add up `sum` on the side that has many and compare only that. */
  pairing: 'one-to-one' | 'one-to-many' | 'many-to-one' | 'many-to-many'
  sum: readonly string[]
}

export interface KeyField {
  field: string
  trim: boolean
  /** Compared without regard to case. */
  fold: boolean
  /** Zeros in front do not count. */
  stripZeros: boolean
  /** Values that stand for another, on either side. */
  values: Readonly<Record<string, string>>
  /** Dates that differ by no more than this many days agree; only in a rule that is not the first. */
  withinDays: number
}

export interface CompareRule {
  /** Largest difference that still agrees, absolute and as a share of the larger of both (0 to 1). */
  tolerance?: number
  relative?: number
  /** For date-times. */
  toleranceMs?: number
  /** Both are rounded to this many decimals first; said in the report as a tolerance. */
  decimals?: number
  /** The target's number times this is in the unit or currency of the source's. */
  factor?: number
  fold: boolean
  /** Spaces at the ends do not count, and several count as one. */
  space: boolean
  /** A list in any order, each value once. */
  set: boolean
  /** Which of absent, null and '' count as the same. Default: none. */
  alike: readonly ('absent' | 'null' | 'empty')[]
}

export interface Dimension {
  name: string
  field: string
  /** What of the value people group by. */
  by: 'value' | 'year' | 'month' | 'day' | { first: number }
}

export interface Measure {
  name: string
  /** One field, or several that are multiplied. None: the number of records. */
  fields: readonly string[]
}
