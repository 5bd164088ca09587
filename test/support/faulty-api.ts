import http from 'node:http'
import https from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import { portOf } from '../../bench/lib/port'
import { breakAnswer, type Fault } from './faulty-api/faults'
import { Limiter, type LimitOptions } from './faulty-api/limiter'
import { listing, type ListingOptions } from './faulty-api/listing'
import { send, type Call, type Item, type Reply } from './faulty-api/wire'
import { Shelf, type WritingOptions } from './faulty-api/writing'

export type { Fault }

export interface FaultyApiOptions extends ListingOptions, WritingOptions {
  records?: readonly Item[]
  /** Before every answer. */
  latencyMs?: number
  tls?: https.ServerOptions
  /** False: 401. A number: that status. */
  auth?: (call: Call) => boolean | number | Promise<boolean | number>
  limit?: LimitOptions
  /** What goes wrong, by the number of the call (from 1) or by its nature. */
  fault?: (call: Call) => Fault | undefined
}

export interface FaultyApi {
  url: string
  /** What it holds now. */
  readonly records: Item[]
  /** Every call that arrived, in order. */
  readonly requests: readonly Call[]
  /** How often each key was really written. */
  readonly writes: ReadonlyMap<string, number>
  close(): Promise<void>
}

/**
 * A real HTTP(S) server that pages and takes records, and misbehaves as told.
 *
 * - `GET /items` pages; `GET /items/{key}`, `GET /items?ids=a,b` read back
 * - `POST /items/batch` takes a list or `{items: [...]}` (`?mode=insert|update|upsert|delete|append`, default upsert)
 * - `POST /items`, `PUT`, `PATCH` and `DELETE /items/{key}` take one
 */
export async function startFaultyApi(options: FaultyApiOptions = {}): Promise<FaultyApi> {
  const shelf = new Shelf(options)
  const limiter = new Limiter(options.limit)
  const requests: Call[] = []

  async function answer(call: Call): Promise<Reply> {
    const allowed = (await options.auth?.(call)) ?? true
    if (allowed !== true) return refusedBy(allowed)
    const refused = limiter.refuse()
    if (refused !== undefined) return refused
    const reply =
      call.method === 'GET' ? (shelf.read(call) ?? listing(call, shelf.records, options)) : shelf.write(call)
    return { ...reply, headers: { ...limiter.headers(), ...reply.headers } }
  }

  async function handle(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const call: Call = {
      number: requests.length + 1,
      method: request.method ?? 'GET',
      url: new URL(request.url ?? '/', 'http://api'),
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
      origin: origin(request),
    }
    requests.push(call)
    if (options.latencyMs !== undefined) await sleep(options.latencyMs)
    const fault = options.fault?.(call)
    if (fault === undefined) send(response, await answer(call))
    else await breakAnswer(fault, response, () => answer(call))
  }

  const listener: http.RequestListener = (request, response) => {
    handle(request, response).catch(() => response.destroy())
  }
  const server =
    options.tls === undefined ? http.createServer(listener) : https.createServer(options.tls, listener)
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const port = portOf(server)
  return {
    url: `${options.tls === undefined ? 'http' : 'https'}://localhost:${port}`,
    get records() {
      return shelf.records
    },
    requests,
    writes: shelf.writes,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function refusedBy(allowed: boolean | number): Reply {
  const status = typeof allowed === 'number' ? allowed : 401
  const headers: Record<string, string> = status === 401 ? { 'www-authenticate': 'Bearer realm="items"' } : {}
  return { status, headers, body: { code: 'NOT_ALLOWED', message: 'no valid credentials' } }
}

function origin(request: http.IncomingMessage): string {
  const scheme = 'encrypted' in request.socket ? 'https' : 'http'
  return `${scheme}://${request.headers.host ?? ''}`
}
