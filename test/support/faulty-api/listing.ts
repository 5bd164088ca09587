import { textOf } from '../../../shared/core/record/value'
import type { Call, Item, Reply } from './wire'

export interface ListingOptions {
  paging?: 'none' | 'page' | 'offset' | 'cursor' | 'link' | 'next' | 'keyset'
  /** The most records that a page holds, whatever is asked for. */
  pageSize?: number
  /** Whether pages say how many there are. */
  total?: boolean | number
  /** The field that `?since=` filters by. */
  sinceField?: string
  /** The field that keyset paging goes by. */
  keysetField?: string
}

/** `{items, total, next_cursor?, next?}`, or the bare list when paging is by Link header. */
export function listing(call: Call, all: readonly Item[], options: ListingOptions): Reply {
  if (call.url.pathname !== '/items')
    return { status: 404, body: { code: 'NOT_FOUND', message: 'no such path' } }
  const { paging = 'page', pageSize = 100, total = true, keysetField = 'sku' } = options
  const query = call.url.searchParams
  const records = since(all, query.get('since'), options.sinceField)
  const size = Math.min(pageSize, Number(query.get('limit') ?? pageSize))
  const start = startOf(paging, query, size, records, keysetField)
  const items = paging === 'none' ? records : records.slice(start, start + size)
  const further = paging !== 'none' && start + size < records.length
  const next = String(start + size)
  const counted = total === false ? {} : { total: total === true ? records.length : total }
  const more = new URL(call.url.pathname + call.url.search, call.origin)
  more.searchParams.set('cursor', next)
  if (paging === 'link') {
    const headers = further ? { link: `<${call.origin}/items>; rel="first", <${more.href}>; rel="next"` } : {}
    return { status: 200, headers: { ...headers, 'x-total-count': String(records.length) }, body: items }
  }
  return {
    status: 200,
    body: {
      items,
      ...counted,
      ...(paging === 'cursor' ? { next_cursor: further ? next : null } : {}),
      ...(paging === 'next' && further ? { next: more.href } : {}),
    },
  }
}

function startOf(
  paging: string,
  query: URLSearchParams,
  size: number,
  records: readonly Item[],
  keysetField: string,
): number {
  if (paging === 'page') return (Number(query.get('page') ?? 1) - 1) * size
  if (paging === 'offset') return Number(query.get('offset') ?? 0)
  if (paging !== 'keyset') return Number(query.get('cursor') ?? 0)
  const after = query.get('after')
  return after === null ? 0 : records.findIndex((record) => textOf(record[keysetField]) === after) + 1
}

function since(records: readonly Item[], value: string | null, field = 'updated_at'): readonly Item[] {
  return value === null ? records : records.filter((record) => textOf(record[field]) >= value)
}
