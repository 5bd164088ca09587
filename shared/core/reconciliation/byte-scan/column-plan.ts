import type { CsvLayout } from '../../connector'
import { propertyOf } from '../../mapping/schema'
import type { JsonSchema } from '../../ports'
import { isList } from '../../record/value'
import type { Dimension, KeyField, ReconcileSettings } from '../settings'
import { Alike, Cut, Kind, Work } from './walk-plan'

/** The fields of the comparison by number, and what is to be done with each; the same for both sides. */
export interface FieldPlan {
  names: readonly string[]
  /** Bits of `Work`, by field. */
  work: readonly number[]
  compared: readonly number[]
  key: readonly KeyPlan[]
  dimensions: readonly DimensionPlan[]
  measures: readonly (readonly number[])[]
  /** That says when a record changed; -1 where none does. */
  cutOff: number
}

interface KeyPlan {
  field: number
  rule: KeyField
  /** Bits of `Alike`. */
  alike: number
}

interface DimensionPlan {
  field: number
  cut: Cut
  /** Characters that are left of a text that is cut. */
  length: number
}

/** How a file is written: signs as bytes. */
interface ByteSigns {
  delimiter: number
  /** -1 where nothing is quoted. */
  quote: number
  escape: number
  /** What nothing between two delimiters means. */
  empty: Kind
  nullText: string | undefined
  /** An apostrophe in front may have to go. */
  unescape: boolean
}

const LENGTHS = { year: 4, month: 7, day: 10 } as const

/** @returns undefined where a rule takes equal bytes for different values, or no field is a key */
export function planFields(
  settings: ReconcileSettings,
  schema: JsonSchema | undefined,
  compared: readonly string[],
): FieldPlan | undefined {
  const { match, compare, dimensions, measures, cutOff } = settings
  const names: string[] = []
  const numberOf = (name: string): number => {
    const at = names.indexOf(name)
    return at >= 0 ? at : names.push(name) - 1
  }
  const key = (match[0]?.on ?? []).filter(({ withinDays }) => withinDays === 0)
  const plan = {
    names,
    key: key.map((rule) => ({ field: numberOf(rule.field), rule, alike: alikeBits(rule) })),
    compared: compared.map(numberOf),
    dimensions: dimensions.map((dimension) => ({
      field: numberOf(dimension.field),
      ...cutOf(dimension, settings),
    })),
    measures: measures.map(({ fields }) => fields.map(numberOf)),
    cutOff: cutOff ? numberOf(cutOff.field) : -1,
  }
  if (plan.key.length === 0 || names.some((name) => compare[name]?.factor !== undefined)) return undefined
  const work = names.map((name, field) => {
    const instant = plan.compared.includes(field) ? instantIn(schema, name) : 0
    const measure = plan.measures.some((fields) => fields.includes(field)) ? Work.measure : 0
    const isGroup = plan.dimensions.some((dimension) => dimension.field === field)
    const hashed = isGroup || plan.compared.includes(field) ? Work.hashed : 0
    return instant | measure | hashed | conversionOf(schema, name)
  })
  return { ...plan, work }
}

function alikeBits({ trim, fold, stripZeros, values }: KeyField): number {
  const bits = (trim ? Alike.trim : 0) | (fold ? Alike.fold : 0) | (stripZeros ? Alike.stripZeros : 0)
  return isEmpty(values) ? bits : bits | Alike.byText
}

/** Dimensions are cut where the text of the field is taken as it stands. */
function cutOf(
  { field: name, by }: Dimension,
  { match, compare }: ReconcileSettings,
): { cut: Cut; length: number } {
  if (by === 'value') return { cut: Cut.none, length: 0 }
  const rule = compare[name]
  const inKey = match[0]?.on.find(({ field }) => field === name)
  const asItIs = (!inKey || alikeBits(inKey) === 0) && !rule?.space && !rule?.fold
  const length = typeof by === 'object' ? by.first : LENGTHS[by]
  if (!asItIs) return { cut: Cut.byRecord, length }
  return { cut: typeof by === 'object' ? Cut.first : Cut.date, length }
}

/** What `mapping/by-schema.ts` makes of a text. */
function conversionOf(schema: JsonSchema | undefined, name: string): number {
  const property = propertyOf(schema, name)
  if (typeof property !== 'object') return 0
  const declared = property['type'] ?? []
  const types = isList(declared) ? declared : [declared]
  if (types.includes('string')) return 0
  if (types.includes('number')) return Work.number
  if (types.includes('integer')) return Work.number | Work.integer
  return types.includes('boolean') ? Work.boolean : 0
}

function instantIn(schema: JsonSchema | undefined, name: string): number {
  const property = propertyOf(schema, name)
  return typeof property === 'object' && property['format'] === 'date-time' ? Work.instant : 0
}

/**
 * @returns undefined where a sign takes more than one byte, the bytes are not UTF-8, or a record may lack fields of the
 * header: only its records tell then which fields a side has
 */
export function byteSigns(layout: CsvLayout): ByteSigns | undefined {
  const { utf8, delimiter, quote, escape, empty, nullText, absentText, unescape } = layout
  if (!utf8 || empty === 'absent' || absentText !== undefined) return undefined
  if ([delimiter, quote, escape].some((sign) => sign.charCodeAt(0) > 0x7e)) return undefined
  return {
    delimiter: delimiter.charCodeAt(0),
    quote: quote === '' ? -1 : quote.charCodeAt(0),
    escape: escape === '' ? -1 : escape.charCodeAt(0),
    empty: empty === 'text' ? Kind.text : Kind.null,
    nullText,
    unescape,
  }
}

function isEmpty(values: Readonly<Record<string, string>>): boolean {
  return Object.keys(values).length === 0
}
