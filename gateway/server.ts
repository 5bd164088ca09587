import type { X509Certificate } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type RouteOptions,
} from 'fastify'
import { operations, type Operation, type OperationId } from '../shared/contract/operations'
import { Fault } from '../shared/core/fault'
import { asFault, placeOf } from './unexpected'
import type { Authenticate } from './access/authenticate'
import { challengesOf } from './access/challenge'
import type { Hops } from './access/hops'
import { sendAnswer, sendProblem } from './answer'
import { RequestBody, type BodyPatience } from './body'
import { audited } from './audit/audited'
import type { Audit, AuditEntry } from './audit/entry'
import type { Answer, Call, Caller, Handlers, Transport } from './call'
import { answerUnread, createListener } from './http/listener'
import type { Idempotency } from './idempotency/idempotency'
import { idempotencyKeyOf } from './idempotency/key'
import type { Limits } from './limits/limits'
import { ParameterReader } from './parameters'
import { problemOf, type TellsHeaders } from './problem'
import { newRequestId } from './request-id'
import { allowedMethods, nearestPath, routeOf } from './routes'
import { NOT_STORED, SECURITY_HEADERS, STRICT_TRANSPORT } from './security/headers'

export interface ServerParts {
  handlers: Handlers
  authenticate: Authenticate
  hops: Hops
  limits: Limits
  idempotency: Idempotency
  audit: Audit
  /** Under which clients know the gateway; without it, the address that it listens on. */
  baseUrl: string | undefined
  /** Certificate and key in PEM; a client may show a certificate of its own. Absent: plain HTTP. */
  tls?: { cert: string; key: string } | undefined
  /** Largest body, unpacked. */
  maxBytes: number
  /** How long a body may take; see `RequestBody`. */
  patience?: Partial<BodyPatience> | undefined
  requestsAtOnce?: number | undefined
  /** Aborted when the gateway is about to end: who waits is answered at once, and nothing new begins. */
  stopping: AbortSignal
  /** For whoever runs the gateway. */
  say: (line: string) => void
  now: () => number
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Operation['access']
  }
}

const MAX_HEADER_BYTES = 32 * 1024
const MAX_PATH = 16 * 1024
const MAX_PARAMETER = 1024
const REQUESTS_AT_ONCE = 5000
const BUSY_MS = 2000
/** For the rest of a body that nobody wants, so that a client that sends first and reads then gets its answer. */
const LINGER_MS = 30_000

/** The HTTP server: every operation of the contract has its route, and every route an access rule. */
export function createServer(parts: ServerParts): FastifyInstance {
  const baseUrlAt = (socket: Socket): string => baseUrlOf(socket, parts)
  const app = fastify({
    logger: false,
    routerOptions: {
      ignoreDuplicateSlashes: true,
      ignoreTrailingSlash: true,
      caseSensitive: false,
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
    reply.headers(SECURITY_HEADERS).header('x-request-id', idOf(request)).header('cache-control', NOT_STORED)
    if (request.socket instanceof TLSSocket) reply.header('strict-transport-security', STRICT_TRANSPORT)
    const refused = tooLong(request)
    return refused ? fail(request, reply, refused, parts) : undefined
  })
  app.addHook('onResponse', (request, _reply, done) => {
    drain(request.raw)
    done()
  })
  const crowd = { requests: 0 }
  for (const id of Object.keys(operations)) if (isOperation(id)) mount(app, id, { ...parts, crowd })
  app.setNotFoundHandler((request, reply) => notFound(request, reply, parts))
  app.setErrorHandler((error, request, reply) => fail(request, reply, asFault(error), parts))
  return app
}

/** The absolute form (RFC 9112, 3.2.2) is that of a client which takes this for its proxy. */
function pathAndMethodOf(request: IncomingMessage): string {
  const override = request.headers['x-http-method-override']
  if (request.method === 'POST' && typeof override === 'string') request.method = override.toUpperCase()
  return (request.url ?? '/').replace(/^https?:\/\/[^/?#]*/i, '').replace(/^(?!\/)/, '/')
}

function routerFault({ code }: { code: string }): Fault {
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

function tooLong({ url, raw }: FastifyRequest): Fault | undefined {
  if (url.length > MAX_PATH)
    return new Fault(
      'ADDRESS_TOO_LONG',
      `The address has ${String(url.length)} characters; at most ${String(MAX_PATH)} are taken.`,
      { length: url.length, most: MAX_PATH },
    )
  const bytes = raw.rawHeaders.reduce((sum, text) => sum + text.length + 2, 0)
  if (bytes <= MAX_HEADER_BYTES) return undefined
  return new Fault(
    'HEADERS_TOO_LARGE',
    `The headers have ${String(bytes)} bytes; at most ${String(MAX_HEADER_BYTES)} are taken.`,
    { bytes, most: MAX_HEADER_BYTES },
  )
}

/** Reads what is left of a body on the way, for a while: a connection that is cut may take the answer with it. */
function drain(request: IncomingMessage): void {
  if (request.complete) return
  request.resume()
  const timer = setTimeout(() => request.destroy(), LINGER_MS).unref()
  request.once('close', () => {
    clearTimeout(timer)
  })
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
    onRequest: (request, reply) => answer(id, reader, request, reply, parts),
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
): Promise<FastifyReply> {
  const operation = operations[id]
  const echo = request.headers['x-client-request-id']
  if (typeof echo === 'string' && /^[\x21-\x7e]{1,128}$/.test(echo)) reply.header('x-client-request-id', echo)
  let caller: Caller | undefined
  parts.crowd.requests++
  try {
    assertRoom(parts)
    const arrival = arrivalOf(request, parts)
    caller = await callerOf(operation, request, arrival, parts)
    if (caller) parts.limits.take(caller, { requests: 1 })
    const work = (): Promise<Answer> => {
      assertAllowed(caller, operation.access, paramsOf(request))
      return answerTo(callOf(id, request, arrival, caller, reader, parts), parts)
    }
    const answer =
      caller && operation.repeat !== 'safe'
        ? await audited(parts.audit, aboutOf(id, request, arrival, caller, parts), work)
        : await work()
    if (caller) reply.headers(parts.limits.headers(caller))
    return await sendAnswer(reply, answer)
  } catch (error) {
    if (caller) reply.headers(parts.limits.headers(caller))
    return fail(request, reply, asFault(error), parts)
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
  { access }: Operation,
  request: FastifyRequest,
  arrival: Arrival,
  { authenticate }: ServerParts,
): Promise<Caller | undefined> {
  return access === 'public' ? undefined : authenticate({ ...arrival, query: queryOf(request) })
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
    throw new Fault('WORKFLOW_UNKNOWN', `There is no workflow ${workflow}.`, { workflow })
}

type Arrival = ReturnType<Hops['client']>

function aboutOf(
  operation: OperationId,
  request: FastifyRequest,
  { address }: Arrival,
  { client, key, tenant }: Caller,
  { now }: ServerParts,
): Omit<AuditEntry, 'result'> {
  const object = pathOf(request)
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

function callOf(
  id: OperationId,
  request: FastifyRequest,
  { address, headers, certificate }: Arrival,
  caller: Caller | undefined,
  reader: ParameterReader,
  parts: ServerParts,
): Call & { body: RequestBody } {
  const gone = new AbortController()
  request.raw.on('close', () => {
    if (request.raw.destroyed && !request.raw.complete) gone.abort()
  })
  const parameters = reader.read({ path: paramsOf(request), query: queryOf(request), headers })
  const body = new RequestBody({
    stream: request.raw,
    contentType: headers['content-type'],
    contentEncoding: headers['content-encoding'],
    maxBytes: parts.maxBytes,
    patience: parts.patience,
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
      return parts.idempotency.once({ caller, key, operation: id, path: request.url, fingerprint }, work)
    },
  }
}

async function answerTo(call: Call & { body: RequestBody }, { handlers }: ServerParts): Promise<Answer> {
  const handler = handlers[call.operation]
  const { repeat, request } = operations[call.operation]
  if (repeat !== 'key' || request?.streamed === true) return handler(call)
  const bytes = await call.body.whole()
  const whole = call.body.again(bytes)
  return call.once(call.body.digest, (claim) => handler({ ...call, body: whole, claim }))
}

function notFound(request: FastifyRequest, reply: FastifyReply, parts: ServerParts): FastifyReply {
  const path = pathOf(request)
  const allowed = allowedMethods(path)
  if (allowed.length === 0) {
    const nearest = nearestPath(path)
    const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`
    return fail(
      request,
      reply,
      new Fault('ROUTE_UNKNOWN', `There is nothing at ${path}.${hint}`, { path }),
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

function fail(
  request: FastifyRequest,
  reply: FastifyReply,
  fault: Fault & Partial<TellsHeaders>,
  parts: ServerParts,
): FastifyReply {
  const id = idOf(request)
  if (fault.code === 'UNEXPECTED')
    parts.say(`${id} ${request.method} ${pathOf(request)} ${placeOf(fault.cause)}`)
  const occurrence = { id, path: pathOf(request), baseUrl: baseUrlOf(request.socket, parts) }
  const challenges = challengesOf(fault)
  if (challenges.length > 0) reply.header('www-authenticate', challenges)
  if (fault.headers) reply.headers(fault.headers)
  // its body may never end
  if (fault.code === 'REQUEST_TOO_SLOW') reply.header('connection', 'close')
  return sendProblem(reply, problemOf(fault, occurrence), request.headers.accept)
}

const ids = new WeakMap<FastifyRequest, string>()

function idOf(request: FastifyRequest): string {
  let id = ids.get(request)
  if (id === undefined) ids.set(request, (id = newRequestId()))
  return id
}

function baseUrlOf(socket: Socket, { baseUrl }: Pick<ServerParts, 'baseUrl'>): string {
  if (baseUrl !== undefined) return baseUrl
  // the Host header is the client's own claim: never a link to elsewhere
  const { localAddress = '127.0.0.1', localPort = 80 } = socket
  const host = localAddress.includes(':') ? `[${localAddress}]` : localAddress
  return `${socket instanceof TLSSocket ? 'https' : 'http'}://${host}:${String(localPort)}`
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?')[0] ?? '/'
}

function queryOf(request: FastifyRequest): URLSearchParams {
  return new URLSearchParams(request.url.split('?').slice(1).join('?'))
}

function paramsOf(request: FastifyRequest): Record<string, string> {
  const params: Record<string, string> = {}
  const given: unknown = request.params
  if (typeof given !== 'object' || given === null) return params
  for (const [name, value] of Object.entries(given)) if (typeof value === 'string') params[name] = value
  return params
}

function headersOf(request: FastifyRequest): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value
  }
  return headers
}

function certificateOf({ socket }: FastifyRequest): X509Certificate | undefined {
  return socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined
}

function transportOf({ method, raw, socket }: FastifyRequest): Transport {
  const { httpVersion } = raw
  if (!(socket instanceof TLSSocket)) return { method, httpVersion }
  const tls = { version: socket.getProtocol() ?? '', cipher: socket.getCipher().name }
  const { subject, fingerprint256 } = socket.getPeerCertificate()
  // the types promise a certificate, and an empty object comes where there is none
  if (typeof fingerprint256 !== 'string') return { method, httpVersion, tls }
  const name = Object.entries(subject).map(([part, value]) => `${part}=${[value].join('+')}`)
  return { method, httpVersion, tls: { ...tls, certificate: { subject: name.join(', '), fingerprint256 } } }
}
