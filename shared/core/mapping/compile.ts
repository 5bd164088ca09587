import type { JsonSchema } from '../ports'
import { Rejection } from '../record/rejection'
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

function mapperOf(
  made: readonly MadeField[],
  passes: ((field: string) => boolean) | undefined,
  conversions: ReadonlyMap<string, Conversion> | undefined,
): Mapper {
  return {
    map(record, ledger) {
      const mapped: DataRecord = {}
      for (const { name, origin } of made) {
        const value = origin(record, ledger)
        if (value === undefined) continue
        if (value instanceof Rejection) return value
        mapped[name] = value
      }
      if (!passes) return mapped
      for (const field of Object.keys(record)) {
        const value = record[field]
        if (value === undefined || !passes(field)) continue
        if (field === '__proto__') {
          return new Rejection(
            'FIELD_NAME_REFUSED',
            'a field is called __proto__; rename it in the source',
            '/__proto__',
          )
        }
        mapped[field] = value === null ? null : (conversions?.get(field)?.(value) ?? value)
      }
      return mapped
    },
  }
}
