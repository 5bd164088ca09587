import http from 'node:http'
import { portOf } from '../../../bench/lib/port'
import { parseJson } from '../../../shared/core/format/json'
import { isList, isObject, textOf, type DataRecord, type Value } from '../../../shared/core/record/value'

export interface StockApi {
  url: string
  /** A list, so that a record written twice stands in it twice where the service does not look for it. */
  records: DataRecord[]
  /** How often each record was really written since the counts were last cleared. */
  readonly writes: Map<string, number>
  close(): Promise<void>
}

/**
 * A real service whose state a test can put back, in three manners:
 * - `POST /items` appends what arrives, whether it is there already or not; `GET /items?ids=a,b` tells
 * - `POST /batch?mode=upsert|delete` knows the header Idempotency-Key and answers a repeated batch as the first time
 * - `PUT` and `DELETE /items/{sku}`
 */
export async function startStockApi(): Promise<StockApi> {
  const answered = new Map<string, Answer>()
  const api: Pick<StockApi, 'records' | 'writes'> = { records: [], writes: new Map() }

  function append(record: DataRecord): Result {
    api.records.push(record)
    return count(record['sku'], 201)
  }

  function put(record: DataRecord): Result {
    const at = api.records.findIndex(({ sku }) => sku === record['sku'])
    if (at < 0) return append(record)
    api.records[at] = record
    return count(record['sku'], 200)
  }

  function remove(key: Value | undefined): Result {
    const at = api.records.findIndex(({ sku }) => sku === key)
    if (at < 0) return { status: 404 }
    api.records.splice(at, 1)
    return count(key, 204)
  }

  function count(key: Value | undefined, status: number): Result {
    const name = textOf(key)
    api.writes.set(name, (api.writes.get(name) ?? 0) + 1)
    return { status }
  }

  function answer(method: string, url: URL, body: string): Answer {
    const [, , key] = url.pathname.split('/')
    if (key !== undefined) return method === 'DELETE' ? remove(key) : put(many(body)[0] ?? {})
    if (method === 'GET') {
      const ids = (url.searchParams.get('ids') ?? '').split(',')
      return { status: 200, body: { items: api.records.filter(({ sku }) => ids.includes(textOf(sku))) } }
    }
    const each = { upsert: put, delete: ({ sku }: DataRecord) => remove(sku) }
    const mode = url.searchParams.get('mode')
    const work = mode === 'upsert' || mode === 'delete' ? each[mode] : append
    return { status: 207, body: { results: many(body).map(work) } }
  }

  const server = http.createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      const key = request.headers['idempotency-key']
      const earlier = typeof key === 'string' ? answered.get(key) : undefined
      const reply =
        earlier ?? answer(request.method ?? 'GET', new URL(request.url ?? '/', 'http://api'), body)
      if (typeof key === 'string') answered.set(key, reply)
      const text = reply.body === undefined ? '' : JSON.stringify(reply.body)
      response.writeHead(reply.status, text === '' ? {} : { 'content-type': 'application/json' })
      response.end(text)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return Object.assign(api, {
    url: `http://127.0.0.1:${portOf(server)}`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}

interface Result {
  status: number
}

interface Answer extends Result {
  body?: unknown
}

function many(body: string): DataRecord[] {
  const value = parseJson(body)
  return (isList(value) ? value : [value]).map((item) => (isObject(item) ? item : {}))
}
