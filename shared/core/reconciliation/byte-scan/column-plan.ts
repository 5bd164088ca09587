import type { CsvLayout } from '../../connector'
import { propertyOf } from '../../mapping/schema'
import type { JsonSchema } from '../../ports'
import { isList } from '../../record/value'
import type { KeyField, ReconcileSettings } from '../settings'
import { Kind } from './lanes'
import { Work, type ByteSigns } from './walk-plan'

/** The fields of the comparison by number, and what is to be done with each; the same for both sides. */
export interface FieldPlan {
  names: readonly string[]
  /** Bits of `Work`, by field. */
  work: Uint8Array
  compared: readonly number[]
  key: readonly { field: number; rule: KeyField }[]
  dimensions: readonly number[]
  measures: readonly (readonly number[])[]
  /** That says when a record changed; -1 where none does. */
  cutOff: number
}

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
    key: key.map((rule) => ({ field: numberOf(rule.field), rule })),
    compared: compared.map(numberOf),
    dimensions: dimensions.map(({ field }) => numberOf(field)),
    measures: measures.map(({ fields }) => fields.map(numberOf)),
    cutOff: cutOff ? numberOf(cutOff.field) : -1,
  }
  if (plan.key.length === 0 || names.some((name) => compare[name]?.factor !== undefined)) return undefined
  const work = Uint8Array.from(names, (name, field) => {
    const instant = plan.compared.includes(field) ? instantIn(schema, name) : 0
    const measure = plan.measures.some((fields) => fields.includes(field)) ? Work.measure : 0
    return instant | measure | conversionOf(schema, name)
  })
  return { ...plan, work }
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
    nullText: nullText === undefined ? undefined : new TextEncoder().encode(nullText),
    unescape,
  }
}
