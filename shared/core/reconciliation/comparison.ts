import { propertyOf } from '../mapping/schema'
import type { DataRecord } from '../record/value'
import type { Workflow } from '../workflow'
import type { FieldBreak } from './break'
import { FieldCompare } from './compare'
import { fieldsAreGiven, fieldsToCompare } from './fields'
import type { CompareRule } from './settings'

/** Exactly as it stands. */
export const EXACT: CompareRule = { fold: false, space: false, set: false, alike: [] }

export interface Compared {
  verdict: 'equal' | 'tolerated' | 'differs'
  fields: FieldBreak[]
}

/** How the records of a workflow are compared. */
export class Comparison {
  /** Those compared so far; final once both sides were read. */
  fields: readonly string[] = []
  private readonly compares = new Map<string, FieldCompare>()
  /** Whether records that are the same are equal: no rule converts anything. */
  plain = true
  private active: FieldCompare[] = []

  /** @param textual one of the sides knows only texts; they are compared as such only where the schema says no type */
  constructor(
    private readonly workflow: Workflow,
    readonly textual: boolean,
  ) {
    if (fieldsAreGiven(workflow)) this.narrow(new Set(), new Set())
  }

  /** Tells the fields that the sides have. @returns whether there are more to compare than before */
  narrow(source: ReadonlySet<string>, target: ReadonlySet<string>): boolean {
    const fields = fieldsToCompare(this.workflow, source, target)
    if (fields.length === this.fields.length) return false
    this.fields = fields
    this.active = fields.map((field) => this.of(field))
    this.plain = this.active.every(({ plain }) => plain)
    return true
  }

  of(field: string): FieldCompare {
    const known = this.compares.get(field)
    if (known) return known
    const rule = this.workflow.reconcile.compare[field] ?? EXACT
    const property = propertyOf(this.workflow.schema, field)
    const typed = typeof property === 'object' && property['type'] !== undefined
    const compare = new FieldCompare(field, rule, this.textual && !typed)
    this.compares.set(field, compare)
    return compare
  }

  equal(source: DataRecord, target: DataRecord): boolean {
    for (const compare of this.active) {
      const one = source[compare.field]
      const two = target[compare.field]
      if (one === two && compare.plain) continue
      if (!compare.equal(one, two)) return false
    }
    return true
  }

  compare(source: DataRecord, target: DataRecord): Compared {
    const fields: FieldBreak[] = []
    let tolerated = false
    for (const compare of this.active) {
      const [one, two] = [source[compare.field], target[compare.field]]
      const verdict = compare.compare(one, two)
      if (verdict === 'tolerated') tolerated = true
      if (verdict === 'differs') fields.push(fieldBreak(compare, one, two))
    }
    return { verdict: fields.length > 0 ? 'differs' : tolerated ? 'tolerated' : 'equal', fields }
  }

  /** The same text for all records that are equal in what is compared. */
  canonical(record: DataRecord, side: 'source' | 'target'): string {
    return JSON.stringify(this.active.map((compare) => compare.canonical(record[compare.field], side)))
  }
}

export function fieldBreak(
  compare: FieldCompare,
  source: FieldBreak['source'],
  target: FieldBreak['target'],
): FieldBreak {
  const difference = compare.difference(source, target)
  return {
    field: compare.field,
    ...(source === undefined ? {} : { source }),
    ...(target === undefined ? {} : { target }),
    ...(difference === undefined ? {} : { difference }),
  }
}
