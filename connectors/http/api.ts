import { shownAddress } from '../../shared/core/shown-address'
import type { Fault } from '../../shared/core/fault'
import type { Clock, HttpClient, HttpResponse } from '../../shared/core/ports'
import { withQuery } from './query'
import { refusal, type Place } from './status'

export interface Call {
  method: string
  /** Below the base URL, with query; or a whole URL that the service itself named. */
  path: string
  /** The path as declared, for messages. */
  declared: string
  query?: Readonly<Record<string, string>>
  headers?: Readonly<Record<string, string>>
  body?: string | Uint8Array
  repeatable?: boolean
  use: 'read' | 'write'
  signal?: AbortSignal
}

export interface Reply {
  response: HttpResponse
  place: Place
  /** Why this is not a success. */
  fault: Fault | undefined
}

/** The service behind one connection. */
export class Api {
  constructor(
    private readonly client: HttpClient,
    private readonly clock: Clock,
    readonly baseUrl: string,
    private readonly headers: Readonly<Record<string, string>>,
    /** Takes the credentials out of what the service says. */
    readonly quiet: (said: string) => string,
  ) {}

  /** Without query and credentials. */
  address(path: string): string {
    return shownAddress(this.url(path))
  }

  async call(call: Call): Promise<Reply> {
    const url = withQuery(new URL(this.url(call.path)), call.query ?? {})
    const response = await this.client.send({
      method: call.method,
      url: url.href,
      headers: { accept: 'application/json', ...this.headers, ...call.headers },
      ...(call.body === undefined ? {} : { body: call.body }),
      ...(call.repeatable === undefined ? {} : { repeatable: call.repeatable }),
      ...(call.signal === undefined ? {} : { signal: call.signal }),
    })
    const place = { method: call.method, host: url.host, path: this.shownPath(call.declared) }
    return { response, place, fault: refusal(response, place, call.use, this.clock.now()) }
  }

  /** Whole, and with its places for values of a record as they are declared. */
  private shownPath(declared: string): string {
    return this.url(declared)
      .replace(/^https?:\/\/[^/]*/i, '')
      .replace(/\?.*$/s, '')
  }

  url(path: string): string {
    return /^https?:\/\//i.test(path) ? path : join(this.baseUrl, path)
  }
}

function join(base: string, path: string): string {
  return base.replace(/\/$/, '') + (path.startsWith('/') || path.startsWith('?') ? path : '/' + path)
}
