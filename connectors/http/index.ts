import type { Connection, ConnectionContext, Connector } from '../../shared/core/connector'
import { Api } from './api'
import { source } from './read'
import { number, section, streamSettings, table, text } from './settings'
import { spec } from './spec'
import { target } from './write'

const CONCURRENCY = 4

export const http: Connector = {
  spec,
  open: (context) => Promise.resolve(connection(context)),
}

function connection({ settings, ports }: ConnectionContext): Connection {
  const concurrency = number(settings, 'concurrency') ?? CONCURRENCY
  const client = ports.http.open({ maxConnections: concurrency * 2 })
  const api = new Api(client, ports.clock, text(settings, 'baseUrl') ?? '', table(settings, 'headers'))
  return {
    streams: () => Promise.resolve(Object.keys(section(settings, 'streams') ?? {}).map((name) => ({ name }))),
    source: ({ stream, settings: workflow, key }) =>
      Promise.resolve(source(api, streamSettings(settings, stream, 'read', workflow), key, concurrency)),
    target: (request) =>
      Promise.resolve(
        target(
          api,
          streamSettings(settings, request.stream, 'write', request.settings),
          request,
          concurrency,
        ),
      ),
    async *check() {},
    close: () => client.close(),
  }
}
