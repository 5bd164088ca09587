import type { Connection, ConnectionContext } from '../../shared/core/connector'
import type { HttpClient, HttpOptions } from '../../shared/core/ports'
import { parseRate } from '../../shared/core/resilience/rate-budget'
import { resilientHttp, type Resilience } from '../../shared/core/resilience/resilient-http'
import { Api } from './api'
import { authorized, authorizerOf } from './auth'
import { quietOf, withoutEcho } from './auth/echo'
import { check } from './check'
import { tlsOf } from './files'
import { source } from './read'
import type { DataRecord } from '../../shared/core/record/value'
import { number, section, text } from '../../shared/core/settings'
import { headers, streamSettings, texts } from './settings'
import { withSoapFaults } from './soap'
import { target } from './write'

const CONCURRENCY = 4

/** Reads certificate files; does not touch the network. */
export async function connection(context: ConnectionContext): Promise<Connection> {
  const { settings, ports } = context
  const concurrency = number(settings, 'concurrency') ?? CONCURRENCY
  const client = ports.http.open(await optionsOf(context, concurrency))
  const api = new Api(
    withCredentials(client, context, concurrency),
    ports.clock,
    text(settings, 'baseUrl') ?? '',
    headers(settings),
    quietOf(settings),
  )
  const reading = (stream: string, workflow: DataRecord) => streamSettings(settings, stream, 'read', workflow)
  const writing = (stream: string, workflow: DataRecord) =>
    streamSettings(settings, stream, 'write', workflow)
  return {
    streams() {
      const streams = section(settings, 'streams') ?? {}
      return Promise.resolve(
        Object.keys(streams).map((name) => {
          const key = texts(section(streams, name) ?? {}, 'key')
          return key.length === 0 ? { name } : { name, key }
        }),
      )
    },
    source: (request) =>
      Promise.resolve(source(api, reading(request.stream, request.settings), request.key, concurrency)),
    target: (request) =>
      Promise.resolve(target(api, writing(request.stream, request.settings), request, concurrency)),
    check: (stream) =>
      check(
        api,
        client,
        ports.clock,
        stream && {
          ...stream,
          settings: (stream.use === 'source' ? reading : writing)(stream.name, stream.settings ?? {}),
        },
      ),
    close: () => client.close(),
  }
}

/** Each try is authorised anew: tokens end and signatures hold the time. */
function withCredentials(
  client: HttpClient,
  { settings, ports, traffic }: ConnectionContext,
  concurrency: number,
): HttpClient {
  const { clock } = ports
  const rate = parseRate(text(settings, 'rate') ?? '')
  const resilience: Resilience = { clock, traffic, concurrency, ...(rate === undefined ? {} : { rate }) }
  const plain = resilientHttp(withoutEcho(client, settings), { clock, traffic, concurrency: 1 })
  const answering = withoutEcho(withSoapFaults(client), settings)
  const authorizer = authorizerOf(section(settings, 'auth') ?? {}, ports, plain)
  return resilientHttp(authorizer === undefined ? answering : authorized(answering, authorizer), resilience)
}

async function optionsOf({ settings, ports }: ConnectionContext, concurrency: number): Promise<HttpOptions> {
  const tls = await tlsOf(settings, ports.files)
  const proxy = text(settings, 'proxy')
  const noProxy = texts(settings, 'noProxy')
  const connectTimeoutMs = number(settings, 'connectTimeoutMs')
  const timeoutMs = number(settings, 'timeoutMs')
  return {
    maxConnections: concurrency,
    client: text(settings, 'client') === 'undici' ? 'undici' : 'axios',
    ...(tls === undefined ? {} : { tls }),
    ...(proxy === undefined ? {} : { proxy }),
    ...(noProxy.length === 0 ? {} : { noProxy: noProxy.join(',') }),
    ...(connectTimeoutMs === undefined ? {} : { connectTimeoutMs }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  }
}
