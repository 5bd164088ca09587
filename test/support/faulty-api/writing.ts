import { textOf } from '../../../shared/core/record/value'
import { itemsIn, type Call, type Item, type Reply } from './wire'

export interface WritingOptions {
  /** Fields that identify a record. */
  key?: readonly string[]
  /** `ignored`: the header Idempotency-Key has no effect. */
  idempotency?: 'honoured' | 'ignored'
  /** Why a record is refused; undefined for good ones. */
  poison?: (record: Item) => string | undefined
  /** Whether poison is refused record by record, or the whole batch with nothing written. */
  refuses?: 'record' | 'batch'
  /** How a batch is answered: 207 with a status each, 200 with words, 200 with nothing to go by. */
  results?: '207' | 'words' | 'none'
  maxBatch?: number
}

type Mode = 'insert' | 'update' | 'upsert' | 'delete' | 'append'

interface Result {
  key: string
  status: number
  code?: string
  message?: string
}

const WORDS: Readonly<Record<number, string>> = { 200: 'updated', 201: 'created', 204: 'deleted' }

/** The records that the service holds. */
export class Shelf {
  readonly writes = new Map<string, number>()
  private readonly held = new Map<string, Item>()
  private readonly answered = new Map<string, Reply>()
  private appended = 0

  constructor(private readonly options: WritingOptions & { records?: readonly Item[] }) {
    for (const record of options.records ?? []) this.held.set(this.keyOf(record), record)
  }

  get records(): Item[] {
    return [...this.held.values()]
  }

  /** One record by key, or several by `?ids=`. */
  read({ url }: Call): Reply | undefined {
    const key = keyIn(url)
    const ids = url.searchParams.get('ids')
    if (ids !== null) {
      return { status: 200, body: { items: ids.split(',').flatMap((id) => this.held.get(id) ?? []) } }
    }
    if (key === undefined) return undefined
    const record = this.held.get(key)
    return record === undefined
      ? { status: 404, body: { code: 'NOT_FOUND', message: 'no such record' } }
      : { status: 200, body: record }
  }

  write(call: Call): Reply {
    const header = call.headers['idempotency-key']
    const replay = typeof header === 'string' && this.options.idempotency !== 'ignored' ? header : undefined
    const earlier = replay === undefined ? undefined : this.answered.get(replay)
    if (earlier !== undefined) return earlier
    const reply = this.effect(call)
    if (replay !== undefined && reply.status < 500) this.answered.set(replay, reply)
    return reply
  }

  private effect(call: Call): Reply {
    const { method, url, body } = call
    const key = keyIn(url)
    if (method === 'OPTIONS') return { status: 204, headers: { allow: 'GET, POST, PUT, DELETE' } }
    if (url.pathname === '/items/batch' && method === 'POST') return this.batch(body, modeOf(url))
    if (url.pathname === '/items' && method === 'POST')
      return single(this.one(itemsIn(body)[0] ?? {}, 'insert'))
    if (key === undefined) return { status: 404, body: { code: 'NOT_FOUND', message: 'no such path' } }
    if (method === 'DELETE') return single(this.remove(key))
    if (method === 'PUT' || method === 'PATCH') {
      return single(this.one(itemsIn(body)[0] ?? {}, method === 'PUT' ? 'upsert' : 'update'))
    }
    return { status: 405, headers: { allow: 'GET, PUT, PATCH, DELETE' } }
  }

  private batch(body: string, mode: Mode): Reply {
    const items = itemsIn(body)
    const { maxBatch = Infinity, poison, refuses = 'record', results = '207' } = this.options
    if (items.length > maxBatch)
      return { status: 413, body: { code: 'TOO_LARGE', message: `at most ${maxBatch}` } }
    const bad = items.map((item) => poison?.(item)).find((reason) => reason !== undefined)
    if (refuses === 'batch' && bad !== undefined)
      return { status: 422, body: { code: 'POISON', message: bad } }
    const done = items.map((item) =>
      mode === 'delete' ? this.remove(this.keyOf(item)) : this.one(item, mode),
    )
    if (results === 'none') return { status: 200, body: { ok: true } }
    if (results === '207') return { status: 207, body: { results: done } }
    return {
      status: 200,
      body: { results: done.map(({ status, ...rest }) => ({ ...rest, status: WORDS[status] ?? 'failed' })) },
    }
  }

  private one(item: Item, mode: Mode): Result {
    const key = mode === 'append' ? `#${++this.appended}` : this.keyOf(item)
    const exists = this.held.has(key)
    const reason = this.options.poison?.(item)
    if (reason !== undefined) return { key, status: 422, code: 'POISON', message: reason }
    if (mode === 'insert' && exists)
      return { key, status: 409, code: 'EXISTS', message: 'it is there already' }
    if (mode === 'update' && !exists)
      return { key, status: 404, code: 'NOT_FOUND', message: 'it is not there' }
    this.held.set(key, mode === 'update' ? { ...this.held.get(key), ...item } : item)
    this.count(this.keyOf(item))
    return { key, status: exists ? 200 : 201 }
  }

  private remove(key: string): Result {
    if (!this.held.delete(key)) return { key, status: 404, code: 'NOT_FOUND', message: 'it is not there' }
    this.count(key)
    return { key, status: 204 }
  }

  private count(key: string): void {
    this.writes.set(key, (this.writes.get(key) ?? 0) + 1)
  }

  private keyOf(item: Item): string {
    return (this.options.key ?? ['sku']).map((field) => textOf(item[field])).join('|')
  }
}

function single(result: Result): Reply {
  const { status, code, message } = result
  if (status === 204) return { status }
  return { status, body: code === undefined ? result : { code, message } }
}

function keyIn({ pathname }: URL): string | undefined {
  const [, stream, key] = pathname.split('/')
  return stream === 'items' && key !== undefined && key !== 'batch' ? decodeURIComponent(key) : undefined
}

function modeOf(url: URL): Mode {
  const mode = url.searchParams.get('mode')
  return mode === 'insert' || mode === 'update' || mode === 'delete' || mode === 'append' ? mode : 'upsert'
}
