import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { Fault } from '../../shared/core/fault'
import { problemOf } from '../problem'
import { newRequestId } from '../request-id'
import { noteConnections } from './connections'
import { unreadAnswer, unreadFault, type ParserError } from './unread'

export interface ListenerParts {
  handler: RequestListener
  /** Certificate and key in PEM; a client may show a certificate of its own. Absent: plain HTTP. */
  tls: { cert: string; key: string } | undefined
  /** Under which clients know the gateway, at this connection. */
  baseUrlAt: (socket: Socket) => string
}

/** Beyond this a request is not read at all; what the server takes is less, so that it can answer with all it knows. */
const MAX_HEADER_BYTES = 64 * 1024
const TLS_HANDSHAKE = 0x16
/** For the first byte of a TLS connection, and for its handshake. */
const HANDSHAKE_MS = 20_000
/** For an answer to somebody who may not be reading. */
const FAREWELL_MS = 2000

const OPTIONS: ServerOptions = {
  maxHeaderSize: MAX_HEADER_BYTES,
  // above the idle time of any load balancer or middleware, so that they close first
  keepAliveTimeout: 95_000,
  headersTimeout: 100_000,
  // a file may take hours; who reads a body watches over it
  requestTimeout: 0,
  // the server refuses it, with all that it knows
  requireHostHeader: false,
  keepAlive: true,
  keepAliveInitialDelay: 30_000,
  noDelay: true,
}

/** The sockets below the server, and the answer to whatever arrives there that is not a request. */
export function createListener(parts: ListenerParts): Server {
  const server = parts.tls ? httpsServer(parts.tls, parts) : createHttpServer(OPTIONS, parts.handler)
  noteConnections(server)
  // other expectations than 100-continue are left alone instead of being refused
  server.on('checkExpectation', parts.handler)
  server.on('connect', (request: IncomingMessage, socket: Duplex) => {
    // Node listens to it no more: a client that goes now would take the process with it
    socket.on('error', () => socket.destroy())
    const detail = 'This is not a proxy: it opens no tunnels.'
    const allow = 'GET, POST, PUT, PATCH, DELETE'
    const fault = new Fault('METHOD_NOT_ALLOWED', detail, { method: 'CONNECT', allow })
    farewell(request.socket, fault, parts)
    socket.resume()
  })
  return server
}

/** Which client certificates are good is not for an authority to say: they are registered one by one. */
function httpsServer(tls: { cert: string; key: string }, parts: ListenerParts): Server {
  const ask = {
    requestCert: true,
    rejectUnauthorized: false,
    minVersion: 'TLSv1.2',
    handshakeTimeout: HANDSHAKE_MS,
  } as const
  const server = createHttpsServer({ ...OPTIONS, ...tls, ...ask }, parts.handler)
  const plain = createHttpServer(OPTIONS, (request, response) => {
    spokeHttp(request, response, parts)
  })
  plain.on('clientError', (error: ParserError, socket: Duplex) => {
    socket.destroy(error)
  })
  // the first byte tells which of the two is spoken
  const handshake = server.listeners('connection')
  server.removeAllListeners('connection')
  server.on('connection', (socket: Socket) => {
    firstByte(socket, (byte) => {
      if (byte !== TLS_HANDSHAKE) plain.emit('connection', socket)
      else for (const listener of handshake) Reflect.apply(listener, server, [socket])
    })
  })
  return server
}

function firstByte(socket: Socket, then: (byte: number | undefined) => void): void {
  const fail = (): void => {
    socket.destroy()
  }
  socket.setTimeout(HANDSHAKE_MS, fail)
  socket.on('error', fail)
  socket.once('readable', () => {
    socket.setTimeout(0)
    socket.off('timeout', fail)
    socket.off('error', fail)
    const bytes: unknown = socket.read()
    if (!(bytes instanceof Uint8Array)) {
      socket.destroy()
      return
    }
    socket.unshift(bytes)
    then(bytes[0])
  })
}

function spokeHttp(request: IncomingMessage, response: ServerResponse, parts: ListenerParts): void {
  const fault = new Fault(
    'REQUEST_MALFORMED',
    'This port speaks https, and http arrived: begin the address with https.',
    { arrived: 'http', speaks: 'https' },
  )
  response.shouldKeepAlive = false
  // links lead to where it is spoken
  const baseUrlAt = (socket: Socket): string => parts.baseUrlAt(socket).replace(/^http:/, 'https:')
  farewell(request.socket, fault, { baseUrlAt })
}

/** For Fastify's `clientErrorHandler`. */
export function answerUnread(
  error: ParserError,
  socket: Socket,
  parts: Pick<ListenerParts, 'baseUrlAt'>,
): void {
  const fault = unreadFault(error)
  // behind the beginning of an answer another one would be taken for a part of it
  if (!fault || !socket.writable || isAnswering(socket)) {
    socket.destroy()
    return
  }
  farewell(socket, fault, parts)
}

/** Node keeps the answer under way at the socket of its connection. */
function isAnswering(socket: Socket): boolean {
  const under: unknown = Reflect.get(socket, '_httpMessage')
  return typeof under === 'object' && under !== null && Reflect.get(under, 'headersSent') === true
}

function farewell(socket: Socket, fault: Fault, { baseUrlAt }: Pick<ListenerParts, 'baseUrlAt'>): void {
  const problem = problemOf(fault, { id: newRequestId(), path: '/', baseUrl: baseUrlAt(socket) })
  socket.end(unreadAnswer(problem))
  setTimeout(() => socket.destroy(), FAREWELL_MS).unref()
}
