import type { Http, HttpOptions } from '../../core/ports'
import { httpClient } from './client'
import type { Engine } from './engine'

/** The http port on Node. The library is loaded with the first request: many runs make none. */
export const http: Http = {
  open: (options) =>
    httpClient(
      whenNeeded(() => engineOf(options)),
      options,
    ),
}

async function engineOf(options: HttpOptions): Promise<Engine> {
  if (options.client === 'undici') return (await import('./undici.ts')).undiciEngine(options)
  return (await import('./axios.ts')).axiosEngine(options)
}

function whenNeeded(load: () => Promise<Engine>): Engine {
  let loaded: Promise<Engine> | undefined
  return {
    exchange: async (request) => (await (loaded ??= load())).exchange(request),
    close: async () => (await loaded)?.close(),
  }
}
