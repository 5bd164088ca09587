import type { JsonSchema } from '../ports'
import type { FieldMapping, MappingDefinition } from './definition'
import { takenFields } from './compile'
import { parsePath } from './path'
import { propertiesOf } from './schema'

/**
 * The source fields that fields of the mapped record come from, in the same order, where each is a field of the source
 * under the same or another name and its value is not changed. Undefined otherwise: then a key of the target cannot be
 * looked up in the source.
 *
 * @throws Fault MAPPING_INVALID, FIELD_NAME_REFUSED
 */
export function sourceFieldsOf(
  definition: MappingDefinition | undefined,
  targetFields: readonly string[],
): string[] | undefined {
  if (definition === undefined) return [...targetFields]
  const taken = takenFields(definition)
  const mappings = new Map(Object.entries(definition).map(([target, mapping]) => [onlyName(target), mapping]))
  const sources = targetFields.map((field) => {
    const mapping = mappings.get(field)
    if (mapping !== undefined) return renamedFrom(field, mapping)
    return definition['*'] === 'drop' || taken.has(field) ? undefined : field
  })
  const found = sources.filter((source) => source !== undefined)
  return found.length === sources.length ? found : undefined
}

function renamedFrom(field: string, mapping: FieldMapping): string | undefined {
  if (typeof mapping === 'string') return onlyName(mapping)
  const { from, ...steps } = mapping
  if (Object.keys(steps).length > 0) return undefined
  return from === undefined ? field : onlyName(from)
}

/** The name that a path is, when it is no more than a name. */
function onlyName(path: string): string | undefined {
  const [name, ...rest] = parsePath(path)
  return rest.length === 0 ? name : undefined
}

/**
 * Which source field each field of the mapped record comes from (undefined: none), for a mapping that does no more than
 * rename, choose and convert by the schema.
 *
 * @returns undefined for a mapping that does more
 * @throws Fault MAPPING_INVALID, FIELD_NAME_REFUSED
 */
export function renamingOf(
  definition: MappingDefinition | undefined,
  schema: JsonSchema | undefined,
): ((field: string) => string | undefined) | undefined {
  if (definition === undefined || Object.keys(definition).length === 0) return (field) => field
  const sources = new Map<string, string>()
  for (const [target, mapping] of Object.entries(definition)) {
    if (target === '*') continue
    const field = onlyName(target)
    const source = field === undefined ? undefined : renamedFrom(field, mapping)
    if (field === undefined || source === undefined) return undefined
    sources.set(field, source)
  }
  const taken = takenFields(definition)
  const listed = definition['*'] === 'pass' ? undefined : propertiesOf(schema)
  return (field) => {
    if (sources.has(field)) return sources.get(field)
    if (definition['*'] === 'drop' || taken.has(field)) return undefined
    return !listed || Object.hasOwn(listed, field) ? field : undefined
  }
}
