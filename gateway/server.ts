import { createHash } from 'node:crypto'
import type { Socket } from 'node:net'
import fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type RouteOptions,
} from 'fastify'
import { operations, type Operation, type OperationId } from '../shared/contract/operations'
import { Fault } from '../shared/core/fault'
import { asFault } from './unexpected'
import type { Authenticate } from './access/authenticate'
import type { Hops } from './access/hops'
import { sendAnswer } from './answer'
import { assertAcceptable } from './acceptable'
import { checkBody } from './body-check'
import { RequestBody, type BodyPatience } from './body'
import { audited } from './audit/audited'
import type { Audit, AuditEntry } from './audit/entry'
import type { Answer, Call, Caller, Handlers } from './call'
import {
  certificateOf,
  drain,
  headersOf,
  idOf,
  MAX_PARAMETER,
  paramsOf,
  pathAndMethodOf,
  pathOf,
  queryOf,
  transportOf,
  unacceptable,
} from './http/arrived'
import { answerUnread, createListener } from './http/listener'
import { baseUrlOf, fail, mark, notFound, routerFault, type RefuseParts } from './http/refuse'
import type { Idempotency } from './idempotency/idempotency'
import { idempotencyKeyOf } from './idempotency/key'
import type { Limits } from './limits/limits'
import type { LoggedRequest } from './requests/entry'
import { follow, type Following } from './requests/follow'
import { shownObject } from './requests/path'
import { deprecationHeaders, withLink } from './deprecation'
import { ParameterReader } from './parameters'
import { routeOf } from './routes'
import { workflowUnknown } from './workflow-unknown'

export interface ServerParts extends RefuseParts {
  handlers: Handlers
  authenticate: Authenticate
  hops: Hops
  limits: Limits
  idempotency: Idempotency
  audit: Audit
  /** Takes the entry of a request whose answer is gone. */
  logRequest: (entry: LoggedRequest) => void
  /** Certificate and key in PEM; a client may show a certificate of its own. Absent: plain HTTP. */
  tls?: { cert: string; key: string } | undefined
  /** Largest body, unpacked. */
  maxBytes: number
  /** How long a body may take; see `RequestBody`. */
  patience?: Partial<BodyPatience> | undefined
  requestsAtOnce?: number | undefined
  /** Aborted when the gateway is about to end: who waits is answered at once, and nothing new begins. */
  stopping: AbortSignal
  now: () => number
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Operation['access']
  }
}

const REQUESTS_AT_ONCE = 5000
const BUSY_MS = 2000

/** The HTTP server: every operation of the contract has its route, and every route an access rule. */
export function createServer(parts: ServerParts): FastifyInstance {
  const baseUrlAt = (socket: Socket): string => baseUrlOf(socket, parts)
  const app = fastify({
    logger: false,
    routerOptions: {
      ignoreDuplicateSlashes: true,
      ignoreTrailingSlash: true,
      maxParamLength: MAX_PARAMETER,
    },
    return503OnClosing: false,
    serverFactory: (handler) => createListener({ handler, tls: parts.tls, baseUrlAt }),
    clientErrorHandler: (error, socket) => {
      answerUnread(error, socket, { baseUrlAt })
    },
    frameworkErrors: (error, request, reply) => {
      void fail(request, reply, routerFault(error), parts)
    },
    rewriteUrl: pathAndMethodOf,
  })
  app.addHook('onRoute', assertAccessRule)
  app.addHook('onRequest', async (request, reply) => {
    mark(request, reply)
    const refused = unacceptable(request)
    return refused ? fail(request, reply, refused, parts) : undefined
  })
  app.addHook('onResponse', (request, _reply, done) => {
    drain(request.raw)
    done()
  })
  // what is at no address has its body left alone, too
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => {
    done(null, undefined)
  })
  const crowd = { requests: 0 }
  for (const id of Object.keys(operations)) if (isOperation(id)) mount(app, id, { ...parts, crowd })
  app.setNotFoundHandler((request, reply) => notFound(request, reply, parts))
  app.setErrorHandler((error, request, reply) => fail(request, reply, asFault(error), parts))
  return app
}

function isOperation(id: string): id is OperationId {
  return Object.hasOwn(operations, id)
}

/** Deny by default: what nobody decided about is not there. HEAD goes with its GET. */
function assertAccessRule({ method, url, config }: RouteOptions): void {
  if (config?.access === undefined) throw new Error(`The route ${[method].join()} ${url} has no access rule.`)
}

type MountParts = ServerParts & { crowd: { requests: number } }

/** The work is done before Fastify looks at the body, which is not for it: operations take any type and read it themselves. */
function mount(app: FastifyInstance, id: OperationId, parts: MountParts): void {
  const operation = operations[id]
  const reader = new ParameterReader(operation)
  app.route({
    method: operation.method,
    url: routeOf(operation.path),
    config: { access: operation.access },
    onRequest: async (request, reply) => {
      await answer(id, reader, request, reply, parts)
      // the client went before the end of its answer: Fastify is to leave it at that
      if (!reply.sent) reply.hijack()
    },
    handler: () => {
      throw new TypeError(`${id} was answered before.`)
    },
  })
}

async function answer(
  id: OperationId,
  reader: ParameterReader,
  request: FastifyRequest,
  reply: FastifyReply,
  parts: MountParts,
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
    if (caller) parts.limits.take(caller, { requests: 1 })
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
function assertRoom({ crowd, stopping, requestsAtOnce = REQUESTS_AT_ONCE }: MountParts): void {
  if (stopping.aborted)
    throw new Fault('GATEWAY_BUSY', 'The gateway is stopping.', { stopping: true }, BUSY_MS)
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
  { authenticate }: ServerParts,
): Promise<Caller | undefined> {
  const { access, path } = operations[id]
  if (access === 'public') return undefined
  const attempt = { operation: id, path, request: idOf(request) }
  return authenticate({ ...arrival, query: queryOf(request), attempt })
}

/** Deny by default: without the scope, nothing; a workflow that is not theirs does not exist for them. */
function assertAllowed(
  caller: Caller | undefined,
  access: Operation['access'],
  { workflow }: Record<string, string>,
): void {
  if (access === 'public') return
  if (!caller) throw new Fault('CREDENTIALS_MISSING', 'This needs credentials.')
  const { key, scopes, workflows } = caller
  if (!scopes.has(access.scope))
    throw new Fault('SCOPE_NEEDED', `The key ${key} has not the scope ${access.scope}.`, {
      key,
      scope: access.scope,
    })
  if (workflow !== undefined && workflows !== 'all' && !workflows.has(workflow))
    throw workflowUnknown(caller, workflow)
}

type Arrival = ReturnType<Hops['client']>

function aboutOf(
  operation: OperationId,
  request: FastifyRequest,
  { address }: Arrival,
  { client, key, tenant }: Caller,
  { now }: ServerParts,
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

/** Where it came from and with which certificate, as far as it can be believed. */
function arrivalOf(request: FastifyRequest, { hops }: ServerParts): Arrival {
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

function callOf(
  { id, request, reply, arrival, caller, reader, took }: Authenticated,
  parts: ServerParts,
): Call & { body: RequestBody } {
  const { address, headers, certificate } = arrival
  const gone = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort()
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

async function answerTo(call: Call & { body: RequestBody }, { handlers }: ServerParts): Promise<Answer> {
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

/** A key of a record may stand in an address, and what is kept of it is only to be recognised. */
function digestOf(path: string): string {
  return createHash('sha256').update(path).digest('base64url')
}
