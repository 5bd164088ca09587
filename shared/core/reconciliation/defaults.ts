import type { KeyField, MatchRule, ReconcileSettings } from './settings'

const MEGABYTE = 1024 * 1024

/** A field of a key that agrees as it stands. */
export function exactField(field: string): KeyField {
  return { field, trim: false, fold: false, stripZeros: false, values: {}, withinDays: 0 }
}

export function exactMatch(key: readonly string[]): MatchRule {
  return { on: key.map(exactField), pairing: 'one-to-one', sum: [] }
}

/** Where a workflow says nothing: by its key, everything exactly. */
export function reconcileDefaults(key: readonly string[]): ReconcileSettings {
  return {
    match: [exactMatch(key)],
    compare: {},
    ignore: [],
    dimensions: [],
    measures: [],
    totals: {},
    memory: 256 * MEGABYTE,
    sorted: false,
    exceptions: false,
  }
}
