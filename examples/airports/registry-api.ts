import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { parseJson } from '../../shared/core/format/json'
import { isList, isObject, textOf, type DataRecord, type Value } from '../../shared/core/record/value'

/** Calls that the registry takes in one second; all others are refused with 429. */
export const CALLS_PER_SECOND = 8

/** Which of the write calls that it took go wrong, counted from 1. */
const OUTAGES = [5, 6]
const LOST_ANSWERS = [11]

const MOST_PER_CALL = 500

export interface Held {
  record: DataRecord
  /** How often it was written. */
  writes: number
}

/** What the registry itself noted of its callers. */
export interface Log {
  /** Write calls, however they ended. */
  writeCalls: number
  tooFast: number
  outages: number
  lostAnswers: number
  /** Calls under an idempotency key that was known: answered as the first time, nothing written. */
  repeated: number
}

/**
 * An aviation registry such as one finds on the net: a token, batches with an answer for each record, an allowance of
 * calls, and bad moments. What goes wrong is the same every time, so that the example shows the same every time.
 *
 * | call | answers |
 * |---|---|
 * | `POST /airports` with `{ airports: [...] }` and an `Idempotency-Key` | 207 `{ results: [{ ident, status }] }` |
 * | `GET /airports/{ident}` | 200 the airport, or 404 |
 * | `GET /airports?coded=yes&page=1&limit=1000` | 200 `{ airports: [...], total }`: those with an IATA code |
 */
export class RegistryApi {
  readonly token = randomBytes(16).toString('hex')
  readonly held = new Map<string, Held>()
  private log = newLog()
  private readonly server: Server
  private readonly answered = new Map<string, string>()
  private taken = 0
  private window = { since: 0, calls: 0 }

  constructor() {
    this.server = createServer((request, response) => {
      this.answer(request, response).catch((error: unknown) => {
        send(response, 400, { error: error instanceof Error ? error.message : String(error) })
      })
    })
  }

  /** @returns its address, on a free port of this machine */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve))
    const address = this.server.address()
    if (address === null || typeof address === 'string') throw new Error('the registry has no port')
    return `http://127.0.0.1:${address.port}`
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }

  /** The log so far; a new one begins. */
  takeLog(): Log {
    const { log } = this
    this.log = newLog()
    return log
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request)
    const writes = request.method === 'POST' && request.url === '/airports'
    if (writes) this.log.writeCalls++
    if (request.headers.authorization !== `Bearer ${this.token}`) {
      send(response, 401, { error: 'the token is not valid' })
    } else if (this.isTooFast()) {
      this.log.tooFast++
      this.refuse(response)
    } else if (writes) {
      this.write(textOf(request.headers['idempotency-key']), body, response)
    } else {
      this.read(new URL(request.url ?? '', 'http://registry'), response)
    }
  }

  private isTooFast(): boolean {
    const now = performance.now()
    if (now - this.window.since >= 1000) this.window = { since: now, calls: 0 }
    return ++this.window.calls > CALLS_PER_SECOND
  }

  /** RFC 9110 for Retry-After, draft-ietf-httpapi-ratelimit-headers-10 for the others. */
  private refuse(response: ServerResponse): void {
    response.setHeader('Retry-After', '1')
    response.setHeader('RateLimit-Policy', `"calls";q=${CALLS_PER_SECOND};w=1`)
    response.setHeader('RateLimit', '"calls";r=0;t=1')
    send(response, 429, { error: `more than ${CALLS_PER_SECOND} calls in a second` })
  }

  private write(idempotencyKey: string, body: string, response: ServerResponse): void {
    const call = ++this.taken
    if (OUTAGES.includes(call)) {
      this.log.outages++
      send(response, 503, { error: 'the registry restarts' })
      return
    }
    const earlier = this.answered.get(idempotencyKey)
    if (earlier !== undefined) this.log.repeated++
    const answer = earlier ?? JSON.stringify({ results: airportsOf(body).map((record) => this.put(record)) })
    if (idempotencyKey !== '') this.answered.set(idempotencyKey, answer)
    if (LOST_ANSWERS.includes(call)) {
      this.log.lostAnswers++
      response.destroy()
      return
    }
    response.writeHead(207, { 'Content-Type': 'application/json' }).end(answer)
  }

  private put(record: DataRecord): { ident: string; status: number } {
    const ident = textOf(record['ident'])
    const writes = this.held.get(ident)?.writes ?? 0
    this.held.set(ident, { record, writes: writes + 1 })
    return { ident, status: writes === 0 ? 201 : 200 }
  }

  private read({ pathname, searchParams }: URL, response: ServerResponse): void {
    if (pathname === '/airports') this.list(searchParams, response)
    else this.show(decodeURIComponent(pathname.replace(/^\/airports\//, '')), response)
  }

  private list(query: URLSearchParams, response: ServerResponse): void {
    const limit = Number(query.get('limit'))
    const from = (Number(query.get('page')) - 1) * limit
    const all = [...this.held.values()].map(({ record }) => record)
    const coded = query.get('coded') === 'yes' ? all.filter(({ iata }) => textOf(iata) !== '') : all
    send(response, 200, { airports: coded.slice(from, from + limit), total: coded.length })
  }

  private show(ident: string, response: ServerResponse): void {
    const held = this.held.get(ident)
    if (held) send(response, 200, held.record)
    else send(response, 404, { error: 'there is no such airport' })
  }
}

function newLog(): Log {
  return { writeCalls: 0, tooFast: 0, outages: 0, lostAnswers: 0, repeated: 0 }
}

/** @throws Fault when it is not JSON; Error when it is no batch */
function airportsOf(body: string): DataRecord[] {
  const value = parseJson(body)
  const airports = isObject(value) ? value['airports'] : undefined
  if (!isList(airports) || airports.length > MOST_PER_CALL || !airports.every(isObject))
    throw new Error(`send { "airports": [ … ] } with at most ${MOST_PER_CALL} airports`)
  return airports.map((airport) => ({ ...airport }))
}

function send(response: ServerResponse, status: number, body: Value): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
}
