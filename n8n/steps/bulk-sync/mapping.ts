import type { IExecuteFunctions } from 'n8n-workflow'
import type { FieldMapping, MappingDefinition } from '../../../shared/core/mapping/definition'
import { toPointer } from '../../../shared/core/mapping/path'
import type { Value } from '../../../shared/core/record/value'
import { names } from '../../../shared/core/settings'
import { unusable } from '../../host/errors'
import { fieldOf, mentionsItem } from '../../host/expression'
import { parameter, record } from '../../host/parameters'
import { valueOf } from '../../host/items'

/** What n8n's resource mapper was filled with, as the core takes it. */
export interface Mapped {
  /** The columns to match on. */
  key: readonly string[]
  /** Undefined where every field keeps its name. */
  map: MappingDefinition | undefined
  /** Expressions that n8n evaluates for each item, by the field of the source record that takes the value. */
  computed: ReadonlyMap<string, string>
}

/**
 * A row that is one field of the record, such as `{{ $json.code }}`, becomes a path of our mapping and is never
 * evaluated; a fixed value becomes a constant; whatever else n8n evaluates for each item. A row that was left empty makes no
 * field.
 *
 * @param others whether source fields that no row uses keep their names
 * @throws NodeOperationError for an expression over the records of an API, which n8n never sees
 */
export function mappedBy(node: IExecuteFunctions, source: 'items' | 'api', others: boolean): Mapped {
  const mapper = record(parameter(node, 'mapping', {}, { rawExpressions: true }))
  const key = names(mapper, 'matchingColumns') ?? []
  const computed = new Map<string, string>()
  if (mapper['mappingMode'] !== 'defineBelow') return { key, map: undefined, computed }
  const rows = Object.entries(record(mapper['value'])).filter(([, value]) => value !== null && value !== '')
  const origin = (field: string, value: Value): FieldMapping => {
    if (typeof value !== 'string' || !value.startsWith('=')) return { value }
    const path = fieldOf(value)
    if (path) return toPointer(path)
    if (source === 'items') {
      computed.set(value, value.slice(1))
      return toPointer([value])
    }
    if (mentionsItem(value)) throw beyondApi(node, field)
    return { value: valueOf(node.evaluateExpression(value.slice(1), 0)) ?? null }
  }
  const map = Object.fromEntries(rows.map(([field, value]) => [field, origin(field, value)]))
  return { key, map: { ...map, ...(others ? {} : { '*': 'drop' }) }, computed }
}

function beyondApi(node: IExecuteFunctions, field: string): Error {
  return unusable(
    node.getNode(),
    `Mapping computes ${field} of each record, and records of an API never become items`,
    'Name one field of the record, such as {{ $json.code }}, or read the API with another node and let Source be Input Items.',
  )
}
