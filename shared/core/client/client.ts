import { operations, type OperationId } from '../../contract/operations'
import { VERSION_HEADER } from '../../contract/versions'
import type { Calls, Downloads, Run, Uploads } from '../../generated/client-types'
import { Fault } from '../fault'
import { joined } from '../format/joined'
import type { HttpClient, HttpResponse, Ports } from '../ports'
import { Retries, RETRY, type RetryPolicy } from '../resilience/retry'
import { answeredFault, GatewayFault, objectIn } from './answered'
import { authorizerOf, type Authorizer, type ClientAuth } from './auth'
import { jsonBody, requestOf, timeoutOf } from './request'

export interface ClientOptions {
  /** Of the gateway, without /v1. */
  url: string
  http: HttpClient
  auth: ClientAuth
  ports: Pick<Ports, 'clock' | 'signer'>
  retry?: RetryPolicy
  /** YYYY-MM-DD; default: the version that the key is pinned to. */
  version?: string
}

export interface CallOptions {
  signal?: AbortSignal
  /** To name a request by something of one's own, such as the id of a job; default: a new one for each call. */
  idempotencyKey?: string
}

export interface Download {
  status: number
  headers: Readonly<Record<string, string>>
  bytes: AsyncIterable<Uint8Array>
}

/** A body of any size; read from its beginning for each try. */
export type Body = () => AsyncIterable<Uint8Array>

type Paged = {
  [Id in keyof Calls]: Calls[Id]['answer'] extends { items: readonly unknown[] } ? Id : never
}[keyof Calls]
type Item<Id extends Paged> = Calls[Id]['answer']['items'][number]

/** Long polls end before proxies on the way give up. */
const WAIT_SECONDS = 50

/**
 * Calls the gateway. Every call can be sent again: what changes something carries one idempotency key for all its tries.
 * What the gateway says is worth another try, and every outage, has it.
 */
export class GatewayClient {
  private readonly url: string
  private readonly authorizer: Authorizer

  constructor(private readonly options: ClientOptions) {
    const { auth, http, ports } = options
    this.url = options.url.replace(/\/+$/, '')
    this.authorizer = authorizerOf(auth, { url: this.url, http, clock: ports.clock })
  }

  /** @throws GatewayFault what the gateway refused; Fault of the network */
  async call<Id extends keyof Calls>(
    id: Id,
    input: Calls[Id]['input'],
    options: CallOptions = {},
  ): Promise<Calls[Id]['answer']> {
    const { headers: type, ...body } = jsonBody(id, input)
    const { method, url, headers } = requestOf(this.url, id, input)
    const answer = await this.tried(id, options, (more) =>
      this.options.http.send({
        method,
        url,
        headers: { accept: 'application/json', ...headers, ...type, ...more },
        ...body,
        ...timeoutOf(input),
        ...signalOf(options),
        repeatable: true,
      }),
    )
    return parsed(id, answer)
  }

  /** A whole file; it starts itself. */
  async upload<Id extends keyof Uploads>(
    id: Id,
    input: Uploads[Id]['input'],
    file: { mediaType: Uploads[Id]['mediaType']; body: Body },
    options: CallOptions = {},
  ): Promise<Uploads[Id]['answer']> {
    const { method, url, headers } = requestOf(this.url, id, input)
    const answer = await this.tried(id, options, async (more) => {
      const request = {
        method,
        url,
        headers: { accept: 'application/json', 'content-type': file.mediaType, ...headers, ...more },
        ...signalOf(options),
      }
      const { http } = this.options
      if (http.upload) return http.upload({ ...request, body: file.body() })
      return http.send({ ...request, body: await joined(file.body()), repeatable: true })
    })
    return parsed(id, answer)
  }

  /** Bytes as they come; what breaks off can be gone on with by `Range` and `If-Range`. */
  async download<Id extends keyof Downloads>(
    id: Id,
    input: Downloads[Id]['input'],
    accept: Downloads[Id]['mediaType'],
    options: CallOptions = {},
  ): Promise<Download> {
    const { method, url, headers } = requestOf(this.url, id, input)
    return this.tried(id, options, async (more) => {
      const { body, ...answer } = await this.options.http.stream({
        method,
        url,
        headers: { accept, ...headers, ...more },
        ...signalOf(options),
        repeatable: true,
      })
      if (answer.status >= 300)
        throw answeredFault({ ...answer, body: await joined(body) }, `${method} ${url}`)
      return { ...answer, bytes: body }
    })
  }

  /**
   * Waits until the run is over, by long polls.
   * @param seen gets the run each time it is heard of
   */
  async followRun(
    run: string,
    { signal, seen }: { signal?: AbortSignal; seen?: (run: Run) => void } = {},
  ): Promise<Run> {
    for (;;) {
      const now = await this.call('getRun', { run, wait: WAIT_SECONDS }, signal ? { signal } : {})
      seen?.(now)
      if (now.over) return now
    }
  }

  /** All items of all pages, a page in memory at a time. */
  async *items<Id extends Paged>(
    id: Id,
    input: Calls[Id]['input'],
    options: CallOptions = {},
  ): AsyncGenerator<Item<Id>> {
    let after: string | undefined
    do {
      const page: Calls[Id]['answer'] = await this.call(
        id,
        after === undefined ? input : { ...input, after },
        options,
      )
      yield* page.items
      after = page.next
    } while (after !== undefined)
  }

  /**
   * What happens, as it happens: remember `next` when the work for `items` is done, and begin with it.
   * @param after the last `next` remembered; undefined: from the beginning
   */
  async *events(after?: string, options: CallOptions = {}): AsyncGenerator<Calls['listEvents']['answer']> {
    let from = after
    for (;;) {
      const page: Calls['listEvents']['answer'] = await this.call(
        'listEvents',
        { wait: WAIT_SECONDS, ...(from === undefined ? {} : { after: from }) },
        options,
      )
      if (page.items.length > 0) yield page
      from = page.next ?? from
    }
  }

  /** Tries as often as it makes sense. @param exchange gets the headers of each try */
  private async tried<A extends { status: number }>(
    id: OperationId,
    options: CallOptions,
    exchange: (headers: Readonly<Record<string, string>>) => Promise<A>,
  ): Promise<A> {
    const { ports, retry = RETRY, version } = this.options
    const { repeat, method, path } = operations[id]
    const fixed = {
      ...(version === undefined ? {} : { [VERSION_HEADER.toLowerCase()]: version }),
      ...(repeat === 'key' ? { 'idempotency-key': quoted(options.idempotencyKey ?? ports.signer.id()) } : {}),
    }
    const retries = new Retries(retry, ports.clock)
    let renewed = false
    for (;;) {
      try {
        const answer = await exchange({ ...fixed, ...(await this.authorizer.headers()) })
        if (answer.status >= 300 && isWhole(answer)) throw answeredFault(answer, `${method} ${path}`)
        return answer
      } catch (error) {
        if (!(error instanceof Fault)) throw error
        // a token may end earlier than it said
        if (
          error instanceof GatewayFault &&
          error.problem.status === 401 &&
          !renewed &&
          this.authorizer.renew()
        ) {
          renewed = true
          continue
        }
        const wait = isWorthAnotherTry(error) ? retries.next(error.retryAfterMs) : undefined
        if (wait === undefined) throw error
        await ports.clock.sleep(wait, options.signal)
      }
    }
  }
}

/** As a structured-field string (RFC 8941). */
function quoted(key: string): string {
  return `"${key.replace(/["\\]/g, '\\$&')}"`
}

function isWorthAnotherTry(fault: Fault): boolean {
  if (fault instanceof GatewayFault) return fault.isWorthAnotherTry
  return fault.then === 'wait' || fault.then === 'verify'
}

function isWhole(answer: object): answer is HttpResponse {
  return 'body' in answer && answer.body instanceof Uint8Array
}

function signalOf({ signal }: CallOptions): { signal?: AbortSignal } {
  return signal ? { signal } : {}
}

type Answered = Calls & Uploads

/** @throws Fault ANSWER_UNREADABLE for what something on the way put in place of the answer */
function parsed<Id extends keyof Answered>(id: Id, { body, status }: HttpResponse): Answered[Id]['answer'] {
  const value = objectIn(body)
  if (!value)
    throw new Fault('ANSWER_UNREADABLE', `The answer to ${id} is not JSON.`, { operation: id, status })
  // tests hold every answer of the gateway against the schema that this type is made from
  return value
}
