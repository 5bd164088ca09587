import type {
  IExecuteFunctions,
  IHttpRequestMethods,
  IHttpRequestOptions,
  ILoadOptionsFunctions,
  IPollFunctions,
} from 'n8n-workflow'
import { Fault } from '../../shared/core/fault'
import type { Http, HttpOptions, HttpRequest, HttpResponse } from '../../shared/core/ports'
import { httpFault, proxyFault, refusedStatus } from './http-fault'
import { headersOf } from './http-headers'

/** What a node is given to work with: while it runs, is polled, or shows its parameters. */
export type Host = IExecuteFunctions | IPollFunctions | ILoadOptionsFunctions

/**
 * HTTP as n8n does it: its proxy, its certificates, its protection against requests into its own network.
 * @param credential the type of the credential that requests are authorised with
 */
export function httpOf(node: Host, credential?: string): Http {
  return {
    open(options) {
      const send = (request: HttpRequest): Promise<HttpResponse> =>
        exchange(node, credential, options, request)
      return {
        send,
        async stream(request) {
          const { status, headers, body } = await send(request)
          return { status, headers, body: once(body) }
        },
        close: () => Promise.resolve(),
      }
    },
  }
}

/** For work on items alone. */
export const noHttp: Http = {
  open: () => {
    throw new TypeError('nothing here is read over HTTP')
  },
}

async function exchange(
  node: Host,
  credential: string | undefined,
  options: HttpOptions,
  request: HttpRequest,
): Promise<HttpResponse> {
  const call = optionsOf(
    request,
    options,
    'getExecutionCancelSignal' in node ? node.getExecutionCancelSignal() : undefined,
  )
  try {
    const answer: unknown =
      credential === undefined
        ? await node.helpers.httpRequest(call)
        : await node.helpers.httpRequestWithAuthentication.call(node, credential, call)
    return fromService(parse(answer), request)
  } catch (error) {
    const refused = refusedStatus(error)
    if (refused) return fromService(refused, request)
    throw httpFault(error, request)
  }
}

function fromService(answer: HttpResponse, request: HttpRequest): HttpResponse {
  const fault = proxyFault(answer, request)
  if (fault) throw fault
  return answer
}

function optionsOf(
  { method, url, headers, body, timeoutMs }: HttpRequest,
  options: HttpOptions,
  signal: AbortSignal | undefined,
): IHttpRequestOptions {
  return {
    method: methodOf(method),
    url,
    headers: { ...headers },
    // as text: n8n would count the properties of a buffer, which are its bytes
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : Buffer.from(body).toString() }),
    encoding: 'arraybuffer',
    returnFullResponse: true,
    // n8n renews a token when it sees this status as an error; every other one is for the connector to judge
    ignoreHttpStatusErrors: { ignore: true, except: [401] },
    disableFollowRedirect: true,
    timeout: timeoutMs ?? options.timeoutMs ?? 60_000,
    ...(signal === undefined ? {} : { abortSignal: signal }),
  }
}

const METHODS: readonly IHttpRequestMethods[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD']

function methodOf(method: string): IHttpRequestMethods {
  const known = METHODS.find((one) => one === method.toUpperCase())
  if (known === undefined) throw new Fault('REQUEST_REFUSED', `n8n sends no ${method} requests`, { method })
  return known
}

function parse(answer: unknown): HttpResponse {
  if (typeof answer !== 'object' || answer === null || !('statusCode' in answer) || !('headers' in answer))
    throw new TypeError('n8n gave no full response')
  const body = 'body' in answer ? answer.body : undefined
  return {
    status: Number(answer.statusCode),
    headers: headersOf(answer.headers),
    body:
      body instanceof Uint8Array
        ? body
        : body instanceof ArrayBuffer
          ? new Uint8Array(body)
          : new Uint8Array(),
  }
}

async function* once(body: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(body)
}
