import type { JsonSchema } from '../ports'
import { UNCOUNTED } from '../record/ledger'
import { Rejection } from '../record/rejection'
import { blankRecord, Shapes } from '../record/shapes'
import type { DataRecord } from '../record/value'
import { convertFields, fieldConversions, type Conversion } from './by-schema'
import type { MappingDefinition } from './definition'
import type { FieldOptions, Nested } from './field'
import { compileFields, madeFields, type MadeField } from './fields'
import type { Mapper } from './mapper'
import { propertiesOf } from './schema'

export interface MappingOptions {
  /** Of the mapped record. */
  schema?: JsonSchema | undefined
  /** False when the source knows only texts; they are then converted by the schema. */
  typed: boolean
}

/**
 * Compiles a mapping once; the mapper then runs for every record. Fields stand in the order of the definition, then
 * those that pass in the order of the source.
 *
 * @throws Fault MAPPING_INVALID, FIELD_NAME_REFUSED
 */
export function compileMapping(definition: MappingDefinition | undefined, options: MappingOptions): Mapper {
  if (definition !== undefined && Object.keys(definition).length > 0) {
    return compileItems(definition, { ...options, nested })
  }
  const conversions = options.typed ? undefined : fieldConversions(options.schema)
  return { map: conversions ? (record) => convertFields(record, conversions) : (record) => record }
}

/** Names of the source fields that do not pass under their own name: an entry uses them or makes a field of the name. */
export function takenFields(definition: MappingDefinition): ReadonlySet<string> {
  return taken(madeFields(definition, [], { typed: true, nested }))
}

/** Source fields that these fields of the mapped record are made of; an expression does not tell which it reads. */
export function fieldsBehind(definition: MappingDefinition, names: readonly string[]): string[] {
  const made = madeFields(definition, [], { typed: true, nested })
  return made.flatMap(({ name, uses }) => (names.includes(name) ? uses : []))
}

const nested: Nested = { object: compileFields, items: compileItems }

function compileItems(definition: MappingDefinition, options: FieldOptions): Mapper {
  const made = madeFields(definition, [], options)
  const conversions = options.typed ? undefined : fieldConversions(options.schema)
  return mapperOf(made, passing(definition, made, options.schema), conversions)
}

function taken(made: readonly MadeField[]): ReadonlySet<string> {
  return new Set(made.flatMap(({ name, uses }) => [name, ...uses]))
}

/** Whether a source field that no entry uses goes into the record under its own name. */
function passing(
  definition: MappingDefinition,
  made: readonly MadeField[],
  schema: JsonSchema | undefined,
): ((field: string) => boolean) | undefined {
  const rest = definition['*']
  if (rest === 'drop') return undefined
  const used = taken(made)
  const listed = rest === 'pass' ? undefined : propertiesOf(schema)
  if (!listed) return (field) => !used.has(field)
  const passes = new Set(Object.keys(listed).filter((field) => !used.has(field)))
  return (field) => passes.has(field)
}

/** What records of one shape have in common. */
interface Plan {
  fields: readonly string[]
  passing: readonly { field: string; convert: Conversion | undefined }[]
  /** All fields that the mapped record can have, in their order. */
  blank: DataRecord
}

function mapperOf(
  made: readonly MadeField[],
  passes: ((field: string) => boolean) | undefined,
  conversions: ReadonlyMap<string, Conversion> | undefined,
): Mapper {
  const shapes = new Shapes()
  const plans = new WeakMap<readonly string[], Plan>()
  let plan: Plan | undefined
  const planFor = (fields: readonly string[]): Plan => {
    const names = passes ? fields.filter(passes) : []
    const passing = names.map((field) => ({ field, convert: conversions?.get(field) }))
    const all = [...made.map(({ name }) => name), ...names.filter((name) => name !== PROTO)]
    return { fields, passing, blank: blankRecord(all) }
  }
  return {
    map(record, ledger) {
      const fields = shapes.fieldsOf(record)
      if (plan?.fields !== fields) {
        plan = plans.get(fields) ?? planFor(fields)
        plans.set(fields, plan)
      }
      const mapped: DataRecord = { ...plan.blank }
      let absent: string[] | undefined
      for (const { name, origin } of made) {
        const value = origin(record, ledger)
        if (value instanceof Rejection) return value
        if (value === undefined) (absent ??= []).push(name)
        else mapped[name] = value
      }
      for (const { field, convert } of plan.passing) {
        const value = record[field]
        if (value === undefined) (absent ??= []).push(field)
        else if (field === PROTO) return PROTO_REFUSED
        else mapped[field] = value === null || !convert ? value : convert(value)
      }
      return absent ? without(mapped, absent) : mapped
    },
    part(record, fields) {
      const mapped: DataRecord = {}
      for (const { name, origin } of made) {
        const value = fields.includes(name) ? origin(record, UNCOUNTED) : undefined
        if (value instanceof Rejection) return undefined
        if (value !== undefined) mapped[name] = value
      }
      for (const field of fields) {
        const value = record[field]
        if (value === undefined || value === null || passes?.(field) !== true) continue
        mapped[field] = conversions?.get(field)?.(value) ?? value
      }
      return mapped
    },
  }
}

const PROTO = '__proto__'
const PROTO_REFUSED = new Rejection(
  'FIELD_NAME_REFUSED',
  'a field is called __proto__; rename it in the source',
  '/__proto__',
)

function without(record: DataRecord, fields: readonly string[]): DataRecord {
  return Object.fromEntries(Object.entries(record).filter(([field]) => !fields.includes(field)))
}
