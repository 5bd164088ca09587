import { Agent, ProxyAgent, request as send, type Dispatcher } from 'undici'
import type { HttpOptions } from '../../core/ports'
import { joinHeaders, type Engine, type EngineAnswer, type Progress } from './engine'
import { credentialsOf } from './proxy'
import { secureContext } from './tls'

/** undici keeps tunnels through a proxy open, which axios does not; it tells less of what a proxy answers. */
export function undiciEngine(options: HttpOptions): Engine {
  // Time is kept by the client over both engines.
  const limits = { connections: options.maxConnections ?? 16, headersTimeout: 0, bodyTimeout: 0 }
  const dispatchers = new Map<string, Dispatcher>()
  let tls:
    { secureContext: ReturnType<typeof secureContext>; servername?: string; timeout: number } | undefined

  const connectOptions = () =>
    (tls ??= {
      secureContext: secureContext(options.tls),
      timeout: options.connectTimeoutMs ?? 10_000,
      ...(options.tls?.serverName === undefined ? {} : { servername: options.tls.serverName }),
    })

  function dispatcherFor(url: URL, proxy: URL | undefined): Dispatcher {
    const key = `${url.protocol} ${proxy?.href ?? ''}`
    let dispatcher = dispatchers.get(key)
    if (dispatcher === undefined) {
      const connect =
        url.protocol === 'https:' ? connectOptions() : { timeout: options.connectTimeoutMs ?? 10_000 }
      dispatcher =
        proxy === undefined
          ? new Agent({ ...limits, connect })
          : new ProxyAgent({
              ...limits,
              ...proxyLogin(proxy),
              requestTls: connect,
              proxyTunnel: url.protocol === 'https:',
            })
      dispatchers.set(key, dispatcher)
    }
    return dispatcher
  }

  return {
    async exchange({ method, url, proxy, headers, body, signal, progress }): Promise<EngineAnswer> {
      const answer = await send(url, {
        method: method,
        headers,
        body: body ?? null,
        signal,
        dispatcher: dispatcherFor(url, proxy).compose(watching(progress)),
      })
      const { statusCode, headers: received, body: data } = answer
      return {
        status: statusCode,
        headers: joinHeaders(Object.entries(received)),
        body: data,
        fromProxy: proxy !== undefined && statusCode === 407,
      }
    },
    async close() {
      await Promise.all([...dispatchers.values()].map((dispatcher) => dispatcher.destroy()))
    },
  }
}

function proxyLogin(proxy: URL): { uri: string; token?: string } {
  const login = credentialsOf(proxy)
  const uri = proxy.origin
  if (login === undefined) return { uri }
  return { uri, token: 'Basic ' + Buffer.from(`${login.username}:${login.password}`).toString('base64') }
}

/** undici starts a request when its connection stands. */
function watching(progress: Progress): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) =>
    dispatch(options, {
      onRequestStart(controller, context) {
        progress.sent = true
        handler.onRequestStart?.(controller, context)
      },
      onRequestUpgrade: (...all) => handler.onRequestUpgrade?.(...all),
      onResponseStart: (...all) => handler.onResponseStart?.(...all),
      onResponseData: (...all) => handler.onResponseData?.(...all),
      onResponseEnd: (...all) => handler.onResponseEnd?.(...all),
      onResponseError: (...all) => handler.onResponseError?.(...all),
    })
}
