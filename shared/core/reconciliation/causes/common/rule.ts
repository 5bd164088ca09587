import type { DataRecord } from '../../../record/value'
import type { BreakKind } from '../../break'
import type { ReconcileSettings } from '../../settings'
import type { Difference } from './difference'

/** What a cause knows besides the break itself. */
export interface CauseContext {
  settings: ReconcileSettings
  /** Fields that records were matched by. */
  key: readonly string[]
  /** Fields that were compared. */
  fields: readonly string[]
  /** The latest that any record of each side has in the cut-off field, where that is known. */
  newest: Readonly<Partial<Record<'source' | 'target', string | undefined>>>
}

/**
 * What is to be explained: a break as it stands or, where a record misses on each side and both may be one, the two
 * of them as `moved`, with the fields of the key that differ.
 */
export interface Case {
  kind: BreakKind | 'moved'
  fields: readonly Difference[]
  source?: DataRecord
  target?: DataRecord
  records?: { source: number; target: number }
}

/** One way in which a cause is found: the fields it is in, and what else has to be the same, such as a factor. */
export interface Variant {
  fields: readonly string[]
  param: string
}

export interface CauseRule {
  id: string
  title: string
  /** Fewer breaks than this are chance. */
  atLeast: number
  /** Where unrelated values may fit, too: the share of the breaks of the same fields that is more than chance. */
  share?: number
  /** Ways in which this cause explains the whole of it, the likeliest first. */
  find(one: Case, context: CauseContext): readonly Variant[]
  /** What is the matter, in words, without how often. */
  says(variant: Variant, context: CauseContext): string
  /** What to do about it. */
  advice(variant: Variant, context: CauseContext): string
}

/** Where every field that differs does so in the same way. `ways` may name several that a field fits. */
export function inEveryField(one: Case, ways: (field: Difference) => readonly string[]): Variant[] {
  if (one.kind !== 'differs' && one.kind !== 'moved') return []
  const [first, ...others] = one.fields
  if (!first) return []
  let common = ways(first)
  for (const field of others) {
    if (common.length === 0) return []
    const found = ways(field)
    common = common.filter((way) => found.includes(way))
  }
  if (common.length === 0) return []
  const fields = one.fields.map(({ field }) => field).sort()
  return common.map((param) => ({ fields, param }))
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? ''
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`
}

export function other(side: string): 'source' | 'target' {
  return side === 'source' ? 'target' : 'source'
}

/** Whether records were matched by a field of the variant: then it is the match rule that can be set otherwise. */
export function inKey({ fields }: Variant, { key }: CauseContext): boolean {
  return fields.some((field) => key.includes(field))
}
