import type {
  CompareRuleEntry,
  DimensionEntry,
  ExceptionsEntry,
  KeyFieldEntry,
  MatchRuleEntry,
  MeasureEntry,
  ReconcileEntry,
} from '../../generated/definition'
import { exactField, reconcileDefaults } from '../reconciliation/defaults'
import type {
  CompareRule,
  Dimension,
  KeyField,
  MatchRule,
  Measure,
  ReconcileSettings,
} from '../reconciliation/settings'
import type { DataRecord } from '../record/value'
import type { ExceptionSettings } from '../workflow'
import { bytes, milliseconds, share } from './units'

const DEFAULT_WINDOW = '15m'

/** @param read settings with which the target is read, in the types of its connector */
export function reconcileSettings(
  entry: ReconcileEntry,
  key: readonly string[],
  read: DataRecord | undefined,
): ReconcileSettings {
  const defaults = reconcileDefaults(key)
  const { match, fields, cutOff, secondLook, memory } = entry
  return {
    ...(read
      ? {
          read: {
            ...(entry.read?.stream === undefined ? {} : { stream: entry.read.stream }),
            settings: read,
          },
        }
      : {}),
    match: match?.map(matchRule) ?? defaults.match,
    ...(fields ? { fields } : {}),
    compare: Object.fromEntries(
      Object.entries(entry.compare ?? {}).map(([field, rule]) => [field, compareRule(rule)]),
    ),
    ignore: entry.ignore ?? defaults.ignore,
    dimensions: entry.dimensions?.map(dimension) ?? defaults.dimensions,
    measures: entry.measures?.map(measure) ?? defaults.measures,
    totals: entry.totals ?? defaults.totals,
    ...(cutOff
      ? { cutOff: { field: cutOff.field, windowMs: milliseconds(cutOff.window ?? DEFAULT_WINDOW) } }
      : {}),
    ...(secondLook === undefined ? {} : { secondLookMs: milliseconds(secondLook) }),
    memory: memory === undefined ? defaults.memory : bytes(memory),
    sorted: entry.sorted ?? defaults.sorted,
    exceptions: entry.exceptions ?? defaults.exceptions,
  }
}

export function exceptionSettings({ due, retention }: ExceptionsEntry): ExceptionSettings {
  return { dueMs: milliseconds(due ?? '3d'), retentionMs: milliseconds(retention ?? '90d') }
}

function matchRule(entry: MatchRuleEntry): MatchRule {
  if (typeof entry === 'string') return { on: [exactField(entry)], pairing: 'one-to-one', sum: [] }
  if (!('on' in entry)) return { on: entry.map(keyField), pairing: 'one-to-one', sum: [] }
  const { on, pairing = 'one-to-one', sum = [] } = entry
  return { on: typeof on === 'string' ? [exactField(on)] : on.map(keyField), pairing, sum }
}

function keyField(entry: KeyFieldEntry): KeyField {
  if (typeof entry === 'string') return exactField(entry)
  const ignore = entry.ignore ?? []
  return {
    field: entry.field,
    trim: ignore.includes('space'),
    fold: ignore.includes('case'),
    stripZeros: ignore.includes('zeros'),
    values: entry.values ?? {},
    withinDays: entry.withinDays ?? 0,
  }
}

function compareRule({
  relative,
  within,
  ignore = [],
  alike = [],
  ...numbers
}: CompareRuleEntry): CompareRule {
  return {
    ...numbers,
    ...(relative === undefined ? {} : { relative: share(relative) }),
    ...(within === undefined ? {} : { toleranceMs: milliseconds(within) }),
    fold: ignore.includes('case'),
    space: ignore.includes('space'),
    set: ignore.includes('order'),
    alike: alike.map((kind) => kind ?? 'null').sort(),
  }
}

function dimension(entry: DimensionEntry): Dimension {
  if (typeof entry === 'string') return { name: entry, field: entry, by: 'value' }
  const { field, name = field, by = 'value', first } = entry
  return { name, field, by: first === undefined ? by : { first } }
}

function measure(entry: MeasureEntry): Measure {
  return typeof entry === 'string' ? { name: entry, fields: [entry] } : entry
}
