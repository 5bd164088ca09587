import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { OperationId } from '../../shared/contract/operations'
import { Fault } from '../../shared/core/fault'
import type { Hops } from '../access/hops'
import { RequestBody, type BodyPatience } from '../body'
import type { Call, Caller } from '../call'
import type { Idempotency } from '../idempotency/idempotency'
import { idempotencyKeyOf } from '../idempotency/key'
import type { ParameterReader } from '../parameters'
import { certificateOf, headersOf, idOf, paramsOf, queryOf, transportOf } from './arrived'
import { baseUrlOf, type RefuseParts } from './refuse'

export interface CallParts extends RefuseParts {
  hops: Hops
  idempotency: Idempotency
  /** Largest body, unpacked. */
  maxBytes: number
  /** How long a body may take; see `RequestBody`. */
  patience?: Partial<BodyPatience> | undefined
  /** Aborted with a fault when the gateway is about to end: who waits is answered at once, and nothing new begins. */
  stopping: AbortSignal
  now: () => number
}

export type Arrival = ReturnType<Hops['client']>

/** Where it came from and with which certificate, as far as it can be believed. */
export function arrivalOf(request: FastifyRequest, { hops }: CallParts): Arrival {
  return hops.client({
    address: request.socket.remoteAddress ?? '',
    headers: headersOf(request),
    certificate: certificateOf(request),
  })
}

interface Authenticated {
  id: OperationId
  request: FastifyRequest
  reply: FastifyReply
  arrival: Arrival
  caller: Caller | undefined
  reader: ParameterReader
  took: ((bytes: number) => void) | undefined
}

/** A request as its handler is given it. */
export function callOf(
  { id, request, reply, arrival, caller, reader, took }: Authenticated,
  parts: CallParts,
): Call & { body: RequestBody } {
  const { address, headers, certificate } = arrival
  const gone = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort(new Fault('CANCELLED', 'The client went before its answer.'))
  })
  const parameters = reader.read({ path: paramsOf(request), query: queryOf(request), headers })
  const body = new RequestBody({
    stream: request.raw,
    contentType: headers['content-type'],
    contentEncoding: headers['content-encoding'],
    maxBytes: parts.maxBytes,
    patience: parts.patience,
    took,
  })
  return {
    operation: id,
    id: idOf(request),
    caller,
    parameters,
    path: request.url,
    headers,
    body,
    transport: transportOf(request),
    certificate,
    address,
    received: parts.now(),
    baseUrl: baseUrlOf(request.socket, parts),
    signal: AbortSignal.any([gone.signal, parts.stopping]),
    once: (fingerprint, work) => {
      const key = idempotencyKeyOf(headers)
      if (key === undefined || !caller) return work(undefined)
      return parts.idempotency.once(
        { caller, key, operation: id, path: digestOf(request.url), fingerprint },
        work,
      )
    },
  }
}

/** A key of a record may stand in an address, and what is kept of it is only to be recognised. */
function digestOf(path: string): string {
  return createHash('sha256').update(path).digest('base64url')
}
