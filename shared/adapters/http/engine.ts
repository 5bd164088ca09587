import type { Readable } from 'node:stream'

/** What the two client libraries do for the http port; everything else is common (client.ts). */
export interface Engine {
  /** One request, one answer of any status, its body still as it came over the wire. */
  exchange(request: EngineRequest): Promise<EngineAnswer>
  close(): Promise<void>
}

export interface EngineRequest {
  method: string
  url: URL
  proxy: URL | undefined
  headers: Record<string, string>
  body: Buffer | Readable | undefined
  signal: AbortSignal
  progress: Progress
}

export interface EngineAnswer {
  status: number
  headers: Record<string, string>
  body: Readable
  /** The proxy answered in place of the server. */
  fromProxy: boolean
}

/** How far a request got; decides whether it may have had its effect. */
export interface Progress {
  /** The connection stood, so the request, or a part of it, left this computer. */
  sent: boolean
  expired?: 'connect' | 'answer'
}

/** A connection that did not stand in time. */
export class ConnectTimeout extends Error {
  override readonly name = 'ConnectTimeout'
}

export type HeaderValue = string | number | boolean | readonly string[] | null | undefined

export function joinHeaders(headers: Iterable<[string, HeaderValue]>): Record<string, string> {
  const joined: Record<string, string> = {}
  for (const [name, value] of headers) {
    if (value === undefined || value === null) continue
    joined[name.toLowerCase()] = typeof value === 'object' ? value.join(', ') : String(value)
  }
  return joined
}

/** Not `instanceof`: Node's own errors may come from another realm than this code. */
export function isError(value: unknown): value is Error {
  return typeof value === 'object' && value !== null && 'name' in value && 'message' in value
}
