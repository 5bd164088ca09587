import http from 'node:http'
import https from 'node:https'
import type { Readable } from 'node:stream'
import { TLSSocket } from 'node:tls'
import axios, { type AxiosProxyConfig } from 'axios'
import type { HttpOptions } from '../../core/ports'
import {
  ConnectTimeout,
  joinHeaders,
  type Engine,
  type EngineAnswer,
  type EngineRequest,
  type Progress,
} from './engine'
import { credentialsOf, portOf } from './proxy'
import { secureContext } from './tls'

/** Sockets idle for longer are closed before a firewall or load balancer cuts them silently. */
const IDLE_MS = 15_000

/**
 * axios with its own way through proxies: given as an explicit object it keeps the proxy's answer (status and
 * headers) and applies the agent's certificates to the tunnelled connection.
 */
export function axiosEngine(options: HttpOptions): Engine {
  const pool = { keepAlive: true, timeout: IDLE_MS, maxSockets: options.maxConnections ?? 16 }
  const plain = new http.Agent(pool)
  let secure: https.Agent | undefined
  const secureAgent = () =>
    (secure ??= new https.Agent({
      ...pool,
      secureContext: secureContext(options.tls),
      ...(options.tls?.serverName === undefined ? {} : { servername: options.tls.serverName }),
    }))

  return {
    async exchange(request): Promise<EngineAnswer> {
      const { method, url, proxy, headers, body, signal, progress } = request
      const answer = await axios.request<Readable>({
        method,
        url: url.href,
        headers,
        data: body,
        signal,
        proxy: proxy === undefined ? false : proxySettings(proxy),
        httpAgent: plain,
        ...(url.protocol === 'https:' ? { httpsAgent: secureAgent() } : {}),
        transport: watched(progress, options.connectTimeoutMs ?? 10_000),
        responseType: 'stream',
        decompress: false,
        maxRedirects: 0,
        maxBodyLength: Infinity,
        maxContentLength: Infinity,
        validateStatus: () => true,
        transformRequest: [(data: unknown) => data],
      })
      const { status, headers: received, data } = answer
      const fromProxy = proxy !== undefined && (status === 407 || cameFromTunnel(request, answer.request))
      return { status, headers: joinHeaders(Object.entries(received)), body: data, fromProxy }
    },
    close() {
      plain.destroy()
      secure?.destroy()
      return Promise.resolve()
    },
  }
}

function proxySettings(proxy: URL): AxiosProxyConfig {
  const auth = credentialsOf(proxy)
  return {
    protocol: proxy.protocol,
    host: proxy.hostname,
    port: portOf(proxy),
    ...(auth === undefined ? {} : { auth }),
  }
}

/** A proxy that refuses a tunnel answers in the clear; the server itself is only heard over TLS. */
function cameFromTunnel(request: EngineRequest, sent: unknown): boolean {
  return (
    request.url.protocol === 'https:' &&
    sent instanceof http.ClientRequest &&
    !(sent.socket instanceof TLSSocket)
  )
}

/** Notes when the connection stands, and gives up when it does not in time. */
function watched(progress: Progress, connectTimeoutMs: number) {
  return {
    request(
      options: https.RequestOptions,
      onAnswer: (answer: http.IncomingMessage) => void,
    ): http.ClientRequest {
      const secure = options.protocol === 'https:'
      const request = (secure ? https : http).request(options, onAnswer)
      let timer: NodeJS.Timeout | undefined
      const start = () => {
        timer ??= setTimeout(() => {
          progress.expired = 'connect'
          request.destroy(new ConnectTimeout())
        }, connectTimeoutMs)
      }
      const stands = () => {
        progress.sent = true
        clearTimeout(timer)
      }
      // A pool hands out its socket when one is free; waiting for that is not waiting for the network. A tunnel
      // is opened before there is a socket.
      if (!(options.agent instanceof http.Agent)) start()
      request.on('socket', (socket) => {
        // not `connecting`: that is false as well for one that failed at once, with no way or no descriptor left
        if (request.reusedSocket || (!secure && !socket.pending)) stands()
        else {
          start()
          socket.once(secure ? 'secureConnect' : 'connect', stands)
        }
      })
      // A proxy's refusal comes over a socket that never gets to TLS; where the proxy is down there is no 'close'.
      for (const end of ['response', 'error', 'close']) {
        request.once(end, () => {
          clearTimeout(timer)
        })
      }
      return request
    },
  }
}
