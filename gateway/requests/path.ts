import type { Operation } from '../../shared/contract/operations'
import type { Definition } from '../../shared/core/definition/definition'

const MASK = '***'

export interface Asked {
  /** As it arrived, without its query. */
  path: string
  query: URLSearchParams
  parameters: Readonly<Record<string, string>>
}

/** The address of the object, as logs may keep it: a record is not named by what is personal of its key. */
export function shownObject(
  { path: shape }: Operation,
  { path, parameters }: Omit<Asked, 'query'>,
  { workflows }: Pick<Definition, 'workflows'>,
): string {
  const plain = path.replace(/\/+/g, '/').replace(/(?<=.)\/$/, '')
  if (!shape.endsWith('/{key}')) return plain
  const segments = plain.split('/')
  const parts = (segments.pop() ?? '').split(',')
  const { key = [], personal = [] } = workflows.get(parameters['workflow'] ?? '') ?? {}
  // which part is personal can be said only of a key that has the parts of the workflow's
  const shown = parts.map((part, i) => {
    const field = parts.length === key.length ? key[i] : undefined
    return field === undefined || personal.includes(field) ? MASK : part
  })
  return [...segments, shown.join(',')].join('/')
}

/** The same with the names of the parameters in its query, without their values. */
export function shownPath(
  operation: Operation,
  asked: Asked,
  definition: Pick<Definition, 'workflows'>,
): string {
  const names = operation.parameters.filter((one) => one.in === 'query' && asked.query.has(one.name))
  const query = names.length === 0 ? '' : `?${names.map(({ name }) => name).join('&')}`
  return shownObject(operation, asked, definition) + query
}
