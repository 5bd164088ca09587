import { operations, type Operation, type OperationId } from '../../contract/operations'
import type { HttpRequest } from '../ports'

/** One call as a request, without credentials and body. */
export interface PreparedRequest {
  method: string
  url: string
  headers: Readonly<Record<string, string>>
}

/**
 * Puts parameters where the contract wants them.
 * @param input parameters by name; `body` is left alone
 */
export function requestOf(url: string, id: OperationId, input: object): PreparedRequest {
  const operation = operations[id]
  const given = new Map<string, unknown>(Object.entries(input))
  const query = new URLSearchParams()
  const headers: Record<string, string> = {}
  let path = operation.path
  for (const { name, in: where } of operation.parameters) {
    const value = given.get(name)
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') continue
    const text = String(value)
    if (where === 'path') path = path.replace(`{${name}}`, encodeURIComponent(text))
    else if (where === 'query') query.append(name, text)
    else headers[name.toLowerCase()] = text
  }
  const search = query.toString()
  return { method: operation.method, url: `${url}${path}${search === '' ? '' : `?${search}`}`, headers }
}

/** The body as JSON, where the operation takes one. */
export function jsonBody(id: OperationId, input: object): Pick<HttpRequest, 'headers' | 'body'> {
  const { request }: Operation = operations[id]
  if (!request || !('body' in input) || input.body === undefined) return {}
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(input.body) }
}

/** So long a request may wait at the gateway (`wait`) before it is taken for lost. */
export function timeoutOf(input: object): { timeoutMs?: number } {
  const wait = 'wait' in input && typeof input.wait === 'number' ? input.wait : 0
  return wait > 0 ? { timeoutMs: (wait + 30) * 1000 } : {}
}
