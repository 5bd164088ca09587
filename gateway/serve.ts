import type { FastifyReply, FastifyRequest } from 'fastify'
import { operations, type Operation, type OperationId } from '../shared/contract/operations'
import { Fault } from '../shared/core/fault'
import { assertAcceptable } from './acceptable'
import { assertAllowed } from './access/allowed'
import type { Authenticate } from './access/authenticate'
import { sendAnswer } from './answer'
import { audited } from './audit/audited'
import type { Audit, AuditEntry } from './audit/entry'
import type { RequestBody } from './body'
import { checkBody } from './body-check'
import type { Answer, Call, Caller, Handlers } from './call'
import { deprecationHeaders, withLink } from './deprecation'
import { idOf, paramsOf, pathOf, queryOf } from './http/arrived'
import { arrivalOf, callOf, type Arrival, type CallParts } from './http/call-of'
import { baseUrlOf, fail } from './http/refuse'
import type { Limits } from './limits/limits'
import type { ParameterReader } from './parameters'
import type { LoggedRequest } from './requests/entry'
import { follow, type Following } from './requests/follow'
import { shownObject } from './requests/path'
import { asFault } from './unexpected'

export interface ServeParts extends CallParts {
  handlers: Handlers
  authenticate: Authenticate
  limits: Limits
  audit: Audit
  /** Takes the entry of a request whose answer is gone. */
  logRequest: (entry: LoggedRequest) => void
  requestsAtOnce?: number | undefined
  /** Requests at work. */
  crowd: { requests: number }
}

const REQUESTS_AT_ONCE = 5000
const BUSY_MS = 2000

/** Takes a request through everything that comes before its handler, and sends its answer. */
export async function serve(
  id: OperationId,
  reader: ParameterReader,
  request: FastifyRequest,
  reply: FastifyReply,
  parts: ServeParts,
): Promise<void> {
  const operation = operations[id]
  const echo = request.headers['x-client-request-id']
  if (typeof echo === 'string' && /^[\x21-\x7e]{1,128}$/.test(echo)) reply.header('x-client-request-id', echo)
  const notice =
    operation.deprecated && deprecationHeaders(operation.deprecated, baseUrlOf(request.socket, parts))
  if (notice) reply.headers(notice)
  const began = parts.now()
  const written = request.socket.bytesWritten
  let caller: Caller | undefined
  let following: Following | undefined
  parts.crowd.requests++
  try {
    assertRoom(parts)
    const arrival = arrivalOf(request, parts)
    caller = await callerOf(id, request, arrival, parts)
    if (caller)
      following = follow(
        { operation: id, request, reply, caller, written, began, now: parts.now },
        parts.logRequest,
      )
    // who has nothing left wants to know until when
    if (caller && id !== 'listLimits') parts.limits.take(caller, { requests: 1 })
    const work = (): Promise<Answer> => {
      assertAllowed(caller, operation.access, paramsOf(request))
      return answerTo(
        callOf({ id, request, reply, arrival, caller, reader, took: following?.took }, parts),
        parts,
      )
    }
    const answered =
      caller && operation.repeat !== 'safe'
        ? await audited(parts.audit, aboutOf(id, request, arrival, caller, parts), work)
        : await work()
    following?.answered(answered)
    if (caller) reply.headers(parts.limits.headers(caller))
    await sendAnswer(reply, notice ? withLink(answered, notice.link) : answered)
  } catch (error) {
    if (caller) reply.headers(parts.limits.headers(caller))
    const fault = asFault(error)
    following?.failed(fault)
    await fail(request, reply, fault, parts, { logged: following !== undefined })
  } finally {
    parts.crowd.requests--
  }
}

/** @throws Fault GATEWAY_BUSY */
function assertRoom({ crowd, stopping, requestsAtOnce = REQUESTS_AT_ONCE }: ServeParts): void {
  stopping.throwIfAborted()
  if (crowd.requests > requestsAtOnce)
    throw new Fault(
      'GATEWAY_BUSY',
      `There are ${String(requestsAtOnce)} requests at work already.`,
      { requestsAtOnce },
      BUSY_MS,
    )
}

/** Who calls; anybody, where it is public. */
async function callerOf(
  id: OperationId,
  request: FastifyRequest,
  arrival: Arrival,
  { authenticate }: ServeParts,
): Promise<Caller | undefined> {
  const { access, path } = operations[id]
  if (access === 'public') return undefined
  const attempt = { operation: id, path, request: idOf(request) }
  return authenticate({ ...arrival, query: queryOf(request), attempt })
}

function aboutOf(
  operation: OperationId,
  request: FastifyRequest,
  { address }: Arrival,
  { client, key, tenant }: Caller,
  { now }: ServeParts,
): Omit<AuditEntry, 'result'> {
  const asked = { path: pathOf(request), parameters: paramsOf(request) }
  const object = shownObject(operations[operation], asked, tenant.definition)
  return {
    at: now(),
    who: client,
    key,
    tenant: tenant.id,
    operation,
    object,
    address,
    request: idOf(request),
  }
}

async function answerTo(call: Call & { body: RequestBody }, { handlers }: ServeParts): Promise<Answer> {
  const handler = handlers[call.operation]
  const operation = operations[call.operation]
  assertAcceptable(operation, call.headers['accept'], call.parameters['format'])
  if (!readWhole(operation)) return handler(call)
  const bytes = await call.body.whole()
  await checkBody(call.operation, call.body.again(bytes))
  const whole = call.body.again(bytes)
  if (operation.repeat !== 'key') return handler({ ...call, body: whole })
  return call.once(call.body.digest, (claim) => handler({ ...call, body: whole, claim }))
}

/** Its body is JSON, held against the contract before anything is done. */
function readWhole({ repeat, request }: Operation): boolean {
  if (request?.streamed === true) return false
  return repeat === 'key' || (request?.required === true && request.content['application/json'] !== undefined)
}
