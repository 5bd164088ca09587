import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { operations, type OperationId } from '../../shared/contract/operations'
import { statusOf } from '../../shared/contract/errors/answer'
import type { Fault } from '../../shared/core/fault'
import type { Answer, Caller } from '../call'
import { headersOf, idOf, paramsOf, pathOf, queryOf } from '../http/arrived'
import { idempotencyKeyOf } from '../idempotency/key'
import type { LoggedRequest } from './entry'
import { shownPath } from './path'

export interface Followed {
  operation: OperationId
  request: FastifyRequest
  reply: FastifyReply
  caller: Caller
  /** Before anything was answered. */
  written: number
  /** Milliseconds since 1970. */
  began: number
  now: () => number
}

/** Tells what came of a request, for its entry. */
export interface Following {
  /** A piece of the body arrived. */
  took: (bytes: number) => void
  answered(answer: Answer): void
  failed(fault: Fault): void
}

/** Notes a request when its answer is gone, or its client. */
export function follow(followed: Followed, add: (entry: LoggedRequest) => void): Following {
  const { request, reply } = followed
  const found: Partial<Pick<LoggedRequest, 'code' | 'run' | 'status'>> = {}
  let taken = 0
  let noted = false
  const note = (): void => {
    // a client that went before there was an answer: what came of its request is told when it is known
    if (!reply.raw.headersSent && found.status === undefined) return
    if (!noted) add({ ...entryOf(followed, taken), ...found })
    noted = true
  }
  const came = (status: number): void => {
    if (reply.raw.headersSent) return
    found.status = status
    if (reply.raw.closed) note()
  }
  // a client that has its answer may ask for the entry before its connection is closed
  reply.raw.once('finish', note).once('close', note)
  return {
    took: (bytes) => {
      taken += bytes
    },
    answered: (answer) => {
      const run = runOf(answer, paramsOf(request))
      if (run !== undefined) found.run = run
      came(answer.status)
    },
    failed: ({ code, evidence }) => {
      found.code = code
      // what does not exist is only what the client said
      if (typeof evidence['run'] === 'string' && statusOf(code) !== 404) found.run = evidence['run']
      came(statusOf(code))
    },
  }
}

function entryOf(
  { operation, request, reply, caller, written, began, now }: Followed,
  taken: number,
): LoggedRequest {
  const { client, key, tenant } = caller
  const asked = { path: pathOf(request), query: queryOf(request), parameters: paramsOf(request) }
  const hash = keyHashOf(request)
  return {
    id: idOf(request),
    at: began,
    client,
    tenant: tenant.id,
    key,
    operation,
    method: request.method,
    path: shownPath(operations[operation], asked, tenant.definition),
    status: reply.raw.statusCode,
    milliseconds: Math.max(0, now() - began),
    // a body that nobody read has the length that was announced
    bytesIn: taken || Number(/^\d{1,15}$/.exec(request.headers['content-length'] ?? '0')?.[0] ?? 0),
    bytesOut: Math.max(0, request.socket.bytesWritten - written),
    complete: reply.raw.writableFinished,
    ...(hash === undefined ? {} : { idempotencyKeySha256: hash }),
  }
}

function runOf({ headers = {}, content }: Answer, { run }: Record<string, string>): string | undefined {
  const started = /\/v1\/runs\/([\w-]+)$/.exec(headers['location'] ?? '')?.[1]
  if (started !== undefined) return started
  if (content && 'json' in content && 'run' in content.json && typeof content.json.run === 'string')
    return content.json.run
  return run
}

function keyHashOf(request: FastifyRequest): string | undefined {
  try {
    const key = idempotencyKeyOf(headersOf(request))
    return key === undefined ? undefined : createHash('sha256').update(key).digest('hex')
  } catch {
    return undefined
  }
}
