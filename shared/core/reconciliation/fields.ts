import { propertiesOf } from '../mapping/schema'
import { Shapes } from '../record/shapes'
import type { DataRecord } from '../record/value'
import type { JsonSchema } from '../ports'
import type { Workflow } from '../workflow'
import type { ReconcileSettings } from './settings'

/** The fields that the records of a side have, as they are met. */
export class SeenFields {
  readonly all = new Set<string>()
  private readonly shapes = new Shapes()
  private last: readonly string[] | undefined

  note(record: DataRecord): void {
    const fields = this.shapes.fieldsOf(record)
    if (fields === this.last) return
    this.last = fields
    for (const field of fields) this.all.add(field)
  }
}

/**
 * The fields to compare: those that the settings name, else those of the schema, else those that both sides have. What a
 * match rule matches by says who a record is, not what it holds, so it is compared only where the settings name it.
 */
export function fieldsToCompare(
  { reconcile, schema }: Workflow,
  source: ReadonlySet<string>,
  target: ReadonlySet<string>,
): string[] {
  const left = new Set(reconcile.ignore)
  if (reconcile.fields) return reconcile.fields.filter((field) => !left.has(field))
  for (const { on } of reconcile.match) for (const { field } of on) left.add(field)
  const listed = Object.keys(propertiesOf(schema) ?? {})
  const fields = listed.length > 0 ? listed : [...source].filter((field) => target.has(field))
  return fields.filter((field) => !left.has(field))
}

interface Given {
  reconcile: Pick<ReconcileSettings, 'fields'>
  schema?: JsonSchema | undefined
}

/** Whether the fields are known before a record is read. */
export function fieldsAreGiven({ reconcile, schema }: Given): boolean {
  return reconcile.fields !== undefined || Object.keys(propertiesOf(schema) ?? {}).length > 0
}

/** Fields that the settings name and no record has: what is said of them proves nothing. */
export function fieldsOfNobody(
  { match, fields = [], compare, dimensions, measures, cutOff }: ReconcileSettings,
  source: ReadonlySet<string>,
  target: ReadonlySet<string>,
): string[] {
  // a side without a record has no fields to speak of
  if (source.size === 0 || target.size === 0) return []
  const named = [
    ...match.flatMap(({ on }) => on.map(({ field }) => field)),
    ...measures.flatMap((measure) => measure.fields),
    ...dimensions.map(({ field }) => field),
    ...fields,
    ...Object.keys(compare),
    ...(cutOff ? [cutOff.field] : []),
  ]
  return [...new Set(named)].filter((field) => !source.has(field) && !target.has(field))
}
