import { isObject, textOf, type DataRecord, type Value } from '../../shared/core/record/value'
import { contentOf } from './answer'
import type { Api, Call } from './api'
import { number, text } from '../../shared/core/settings'
import { table } from './settings'
import { nameOf } from './status'
import { fillPath } from './template'

export interface LookedUp {
  key: readonly string[]
  /** Of the stream: how XML is to be read. */
  settings: DataRecord
}

/**
 * Reads records by key, in the order asked.
 * - `path: /items/{sku}`: one call each, 404 where there is none
 * - `path: /items, list: ids`: many keys in one query parameter
 */
export async function lookupBy(
  api: Api,
  settings: DataRecord,
  stream: LookedUp,
  keys: readonly DataRecord[],
  signal?: AbortSignal,
): Promise<(DataRecord | undefined)[]> {
  const list = text(settings, 'list')
  const path = text(settings, 'path') ?? ''
  const call = {
    method: 'GET',
    declared: path,
    repeatable: true,
    use: 'read',
    ...(signal === undefined ? {} : { signal }),
  } as const
  if (list !== undefined) return await lookupMany(api, settings, { ...call, path }, list, stream, keys)
  return await Promise.all(
    keys.map(async (record) => {
      const filled = fillPath(path, record)
      if (filled === undefined) return undefined
      const { response, place, fault } = await api.call({
        ...call,
        path: filled,
        query: table(settings, 'query'),
      })
      if (response.status === 404 || response.status === 410) return undefined
      if (fault !== undefined) throw fault
      const content = await contentOf(response, stream.settings, nameOf(place))
      return recordOf(content.find(text(settings, 'record') ?? ''))
    }),
  )
}

async function lookupMany(
  api: Api,
  settings: DataRecord,
  call: Call,
  parameter: string,
  { key, settings: stream }: LookedUp,
  keys: readonly DataRecord[],
): Promise<(DataRecord | undefined)[]> {
  const [field = ''] = key
  const size = number(settings, 'size') ?? 50
  const separator = text(settings, 'separator') ?? ','
  const found = new Map<string, DataRecord>()
  for (let from = 0; from < keys.length; from += size) {
    const ids = keys.slice(from, from + size).map((record) => textOf(record[field]))
    const query = { ...table(settings, 'query'), [parameter]: ids.join(separator) }
    const { response, place, fault } = await api.call({ ...call, query })
    if (fault !== undefined) throw fault
    const content = await contentOf(response, stream, nameOf(place))
    for (const value of content.list(text(settings, 'records') ?? '') ?? []) {
      const record = recordOf(value)
      if (record !== undefined) found.set(nameOfKey(record, key), record)
    }
  }
  return keys.map((record) => found.get(nameOfKey(record, key)))
}

/** By their texts: a service may answer 17 where '17' was asked for. */
function nameOfKey(record: DataRecord, key: readonly string[]): string {
  return JSON.stringify(key.map((field) => textOf(record[field])))
}

function recordOf(value: Value | undefined): DataRecord | undefined {
  return isObject(value) ? value : undefined
}
