import { parseJson } from '../format/json'
import type { Source } from '../connector'
import type { JsonSchema } from '../ports'
import { Rejection } from '../record/rejection'
import { isList, type Value } from '../record/value'
import type { Workflow } from '../workflow'
import type { Mapper } from './mapper'
import { propertyOf } from './schema'
import { refuse, shown } from './step'

/**
 * The mapper for a target some of whose fields hold JSON: what a source that knows only texts has for them is what it says,
 * not a JSON text around it. A field that may be a text by the schema is left as it is.
 * @param fields that hold any JSON
 */
export function readsJsonTexts(
  { source, mapper }: { source: Pick<Source, 'typed'>; mapper: Mapper },
  fields: readonly string[] = [],
  { schema, personal }: Pick<Workflow, 'schema' | 'personal'>,
): Mapper {
  const read = source.typed ? [] : fields.filter((field) => !mayBeText(schema, field))
  if (read.length === 0) return mapper
  return {
    ...mapper,
    map: (record, ledger) => {
      const mapped = mapper.map(record, ledger)
      if (mapped instanceof Rejection) return mapped
      let whole = mapped
      for (const field of read) {
        const text = mapped[field]
        if (typeof text !== 'string') continue
        const value = valueOf(text)
        if (value === undefined) return notJson(field, text, personal.includes(field))
        if (whole === mapped) whole = { ...mapped }
        whole[field] = value
      }
      return whole
    },
  }
}

function valueOf(text: string): Value | undefined {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}

function notJson(field: string, text: string, personal: boolean): Rejection {
  const place = { field, pointer: `/${field.replaceAll('~', '~0').replaceAll('/', '~1')}`, personal }
  const problem = `is ${shown(place, text)}; the target holds JSON there: send JSON, or give the field the type string in the schema to have it kept as a text`
  return refuse(place, 'VALUE_NOT_CONVERTIBLE', problem)
}

function mayBeText(schema: JsonSchema | undefined, field: string): boolean {
  const property = propertyOf(schema, field)
  const type = typeof property === 'object' ? property['type'] : undefined
  return (isList(type) ? type : [type]).includes('string')
}
