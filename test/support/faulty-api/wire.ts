import type http from 'node:http'
import { parseJson } from '../../../shared/core/format/json'
import { isList, isObject, type DataRecord, type Value } from '../../../shared/core/record/value'

export type Item = DataRecord

export interface Call {
  /** From 1. */
  number: number
  method: string
  url: URL
  headers: http.IncomingHttpHeaders
  body: string
  /** Scheme and host as the client sees them. */
  origin: string
}

export interface Reply {
  status: number
  headers?: Record<string, string>
  body?: unknown
}

export function send(response: http.ServerResponse, reply: Reply): void {
  const { head, body } = rendered(reply)
  response.writeHead(reply.status, head)
  response.end(body)
}

export function rendered({ headers, body }: Reply): { head: Record<string, string>; body: string } {
  if (typeof body === 'string') return { head: { 'content-type': 'text/plain', ...headers }, body }
  const text = body === undefined ? '' : JSON.stringify(body)
  const type: Record<string, string> = text === '' ? {} : { 'content-type': 'application/json' }
  return { head: { ...type, 'content-length': String(Buffer.byteLength(text)), ...headers }, body: text }
}

/** The records of a body: a list, `{items: [...]}`, or one alone. */
export function itemsIn(body: string): Item[] {
  const value = parseJson(body)
  const list: readonly Value[] =
    isObject(value) && isList(value['items']) ? value['items'] : isList(value) ? value : [value]
  return list.map((item) => (isObject(item) ? item : {}))
}
