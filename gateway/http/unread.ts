import { STATUS_CODES } from 'node:http'
import { Fault } from '../../shared/core/fault'
import type { Problem } from '../problem'
import { NOT_STORED, SECURITY_HEADERS } from '../security/headers'

/** What Node's parser says of bytes that it could not read as a request. */
export interface ParserError extends Error {
  code?: string | undefined
  reason?: string | undefined
  rawPacket?: unknown
}

const TLS_HANDSHAKE = 0x16

/** The fault behind bytes that are no request; undefined where nobody is left to be told. */
export function unreadFault(error: ParserError): Fault | undefined {
  const { code = '', reason = '' } = error
  const rawPacket = error.rawPacket instanceof Uint8Array ? error.rawPacket : undefined
  switch (code) {
    case 'ECONNRESET':
    case 'EPIPE':
      return undefined
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new Fault('REQUEST_TOO_SLOW', 'The headers of the request did not arrive in time.')
    case 'HPE_HEADER_OVERFLOW':
      return new Fault('HEADERS_TOO_LARGE', 'The address and the headers are together too large to be read.')
    default:
      if (rawPacket?.[0] === TLS_HANDSHAKE)
        return new Fault(
          'REQUEST_MALFORMED',
          'This port speaks http, and https arrived: begin the address with http, or use the port for https.',
          { arrived: 'https', speaks: 'http' },
        )
      return new Fault('REQUEST_MALFORMED', `What arrived is not a request in HTTP/1.1: ${reason || code}.`, {
        parser: code,
        reason,
      })
  }
}

/** An answer for a connection on which no request could be read; it ends the connection. */
export function unreadAnswer(problem: Problem): string {
  const body = JSON.stringify(problem)
  const headers = {
    ...SECURITY_HEADERS,
    'cache-control': NOT_STORED,
    'content-type': 'application/problem+json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    'x-request-id': problem.requestId,
    date: new Date().toUTCString(),
    connection: 'close',
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${String(problem.status)} ${STATUS_CODES[problem.status] ?? ''}\r\n${lines.join('')}\r\n${body}`
}
