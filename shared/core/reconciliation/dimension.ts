import { Decimal, plainNumber } from '../record/decimal'
import { instantFraction, instantSeconds } from '../record/instant'
import { textOf, type DataRecord, type Value } from '../record/value'
import { keyPart } from './normalise'
import type { CompareRule, Dimension, KeyField, ReconcileSettings } from './settings'

/** What a record is grouped by, as people read it. Values that count as equal are in one group. */
export type DimensionText = (value: Value | undefined) => string

const LENGTHS = { year: 4, month: 7, day: 10 } as const

/** @returns the dimensions of a record in the order of the settings */
export function dimensionReader(settings: ReconcileSettings): (record: DataRecord) => string[] {
  const texts = dimensionTexts(settings)
  const { dimensions } = settings
  return (record) => dimensions.map(({ field }, i) => texts[i]?.(record[field]) ?? '')
}

export function dimensionTexts(settings: ReconcileSettings): DimensionText[] {
  const key = new Map(settings.match[0]?.on.map((part) => [part.field, part]))
  return settings.dimensions.map((dimension) =>
    dimensionText(dimension, key.get(dimension.field), settings.compare[dimension.field]),
  )
}

function dimensionText(
  { by }: Dimension,
  key: KeyField | undefined,
  rule: CompareRule | undefined,
): DimensionText {
  const ofKey = key && keyPart(key)
  const shown = (value: Value): string => {
    if (ofKey) return withoutMark(ofKey(value)) ?? ''
    const text = plainText(value)
    const spaced = rule?.space ? text.trim().replace(/\s+/g, ' ') : text
    return rule?.fold ? spaced.toLowerCase() : spaced
  }
  const cut = cutter(by)
  return (value) => {
    if (value === undefined) return nothing('absent', rule)
    if (value === null) return nothing('null', rule)
    const text = cut(shown(value))
    return text === '' ? nothing('empty', rule) : text
  }
}

/** Instants are grouped by their date in UTC: the same instant in two zones is in one group. */
function cutter(by: Dimension['by']): (text: string) => string {
  if (by === 'value') return (text) => text
  if (typeof by === 'object') return (text) => text.slice(0, by.first)
  return (text) => (/^\d{4}-\d{2}-\d{2}/.test(text) ? text.slice(0, LENGTHS[by]) : text)
}

function plainText(value: Value): string {
  if (typeof value === 'number') return plainNumber(value === 0 ? 0 : value)
  if (value instanceof Decimal) return value.canonical()
  if (typeof value !== 'string') return textOf(value)
  const seconds = instantSeconds(value)
  // most are in the form that they are shown in
  if (Number.isNaN(seconds) || (value.length === 20 && value.endsWith('Z'))) return value
  return instantAt(seconds, instantFraction(value))
}

function instantAt(seconds: number, fraction: string): string {
  const text = new Date(seconds * 1000).toISOString().slice(0, 19)
  return `${text}${fraction === '' ? '' : '.' + fraction}Z`
}

/** Key parts mark instants, which are shown as such. */
function withoutMark(part: string | undefined): string | undefined {
  // a text may begin like that, too
  const [, seconds, fraction = ''] = /^\0(-?\d+)\.(\d*)$/.exec(part ?? '') ?? []
  return seconds === undefined ? part : instantAt(Number(seconds), fraction)
}

/** Absent, null and '' are three groups, unless the field's rule takes them for the same. */
function nothing(kind: 'absent' | 'null' | 'empty', rule: CompareRule | undefined): string {
  const [first] = rule?.alike.includes(kind) === true ? rule.alike : [kind]
  return `(${first ?? kind})`
}
