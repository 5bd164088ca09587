import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Fault } from '../../shared/core/fault'
import { challengesOf } from '../access/challenge'
import { sendProblem } from '../answer'
import { problemOf, type TellsHeaders } from '../problem'
import { allowedMethods, nearestPath } from '../routes'
import { NOT_STORED, SECURITY_HEADERS, STRICT_TRANSPORT } from '../security/headers'
import { placeOf } from '../unexpected'
import { idOf, MAX_PARAMETER, pathOf } from './arrived'

export interface RefuseParts {
  /** Under which clients know the gateway; without it, the address that it listens on. */
  baseUrl: string | undefined
  /** For whoever runs the gateway. */
  say: (line: string) => void
}

export function notFound(request: FastifyRequest, reply: FastifyReply, parts: RefuseParts): FastifyReply {
  const path = withoutKey(pathOf(request))
  const allowed = allowedMethods(path)
  if (allowed.length === 0) {
    const nearest = nearestPath(path)
    const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`
    return fail(
      request,
      reply,
      new Fault('ROUTE_UNKNOWN', `There is nothing at ${path}.${hint}`, {
        path,
        ...(nearest === undefined ? {} : { nearest }),
      }),
      parts,
    )
  }
  const allow = [...allowed, 'OPTIONS'].join(', ')
  reply.header('allow', allow)
  if (request.method === 'OPTIONS') return reply.code(204).send()
  const detail = `${path} takes ${allow}, not ${request.method}.`
  return fail(
    request,
    reply,
    new Fault('METHOD_NOT_ALLOWED', detail, { method: request.method, allow }),
    parts,
  )
}

export function fail(
  request: FastifyRequest,
  reply: FastifyReply,
  fault: Fault & Partial<TellsHeaders>,
  parts: RefuseParts,
  { logged = false }: { logged?: boolean } = {},
): FastifyReply {
  const id = idOf(request)
  mark(request, reply)
  if (fault.code === 'UNEXPECTED')
    parts.say(`${id} ${request.method} ${request.routeOptions.url ?? ''} ${placeOf(fault.cause)}`)
  const occurrence = {
    id,
    path: withoutKey(pathOf(request)),
    baseUrl: baseUrlOf(request.socket, parts),
    logged,
  }
  const challenges = challengesOf(fault)
  if (challenges.length > 0) reply.header('www-authenticate', challenges)
  if (fault.headers) reply.headers(fault.headers)
  // its body may never end
  if (fault.code === 'REQUEST_TOO_SLOW') reply.header('connection', 'close')
  return sendProblem(reply, problemOf(fault, occurrence), request.headers.accept)
}

/** What a client does with a problem is not known: whose record it was about stays out of it. */
function withoutKey(path: string): string {
  return path.replace(/(\/+workflows\/+[^/]+\/+records\/+)[^/]+/i, '$1***')
}

/** What every answer has; also one that the router gives without asking hooks. */
export function mark(request: FastifyRequest, reply: FastifyReply): void {
  reply.headers(SECURITY_HEADERS).header('x-request-id', idOf(request)).header('cache-control', NOT_STORED)
  if (request.socket instanceof TLSSocket) reply.header('strict-transport-security', STRICT_TRANSPORT)
}

export function routerFault({ code }: { code: string }): Fault {
  if (code === 'FST_ERR_MAX_PARAM_LENGTH')
    return new Fault(
      'ADDRESS_TOO_LONG',
      `A part of the address is longer than ${String(MAX_PARAMETER)} characters.`,
      { most: MAX_PARAMETER },
    )
  return new Fault(
    'REQUEST_MALFORMED',
    'The address has a % without two hexadecimal digits of UTF-8 behind it; write % itself as %25.',
  )
}

export function baseUrlOf(socket: Socket, { baseUrl }: Pick<RefuseParts, 'baseUrl'>): string {
  if (baseUrl !== undefined) return baseUrl
  // the Host header is the client's own claim: never a link to elsewhere
  const { localAddress = '127.0.0.1', localPort = 80 } = socket
  const host = localAddress.includes(':') ? `[${localAddress}]` : localAddress
  return `${socket instanceof TLSSocket ? 'https' : 'http'}://${host}:${String(localPort)}`
}
