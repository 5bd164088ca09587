import { randomBytes, type X509Certificate } from 'node:crypto'
import {
  createServer as createHttpServer,
  type RequestListener,
  type Server,
  type ServerOptions,
} from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { TLSSocket } from 'node:tls'
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
import { challengesOf } from './access/challenge'
import type { Hops } from './access/hops'
import { sendAnswer, sendProblem } from './answer'
import { RequestBody } from './body'
import { audited } from './audit/audited'
import type { Audit, AuditEntry } from './audit/entry'
import type { Answer, Call, Caller, Handlers, Transport } from './call'
import type { Idempotency } from './idempotency/idempotency'
import { idempotencyKeyOf } from './idempotency/key'
import type { Limits } from './limits/limits'
import { ParameterReader } from './parameters'
import { problemOf } from './problem'
import { allowedMethods, nearestPath, routeOf } from './routes'

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
  now: () => number
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Operation['access']
  }
}

const MAX_HEADER_BYTES = 32 * 1024

/** The HTTP server: every operation of the contract has its route, and every route an access rule. */
export function createServer(parts: ServerParts): FastifyInstance {
  const app = fastify({
    logger: false,
    // a body is read by its operation, which knows its limit
    bodyLimit: Number.MAX_SAFE_INTEGER,
    routerOptions: { ignoreDuplicateSlashes: true, ignoreTrailingSlash: true, maxParamLength: 1024 },
    serverFactory: (handler) => listenerOf(parts.tls, handler),
    rewriteUrl: (request) => {
      const override = request.headers['x-http-method-override']
      if (request.method === 'POST' && typeof override === 'string') request.method = override.toUpperCase()
      return request.url ?? '/'
    },
  })
  app.addHook('onRoute', assertAccessRule)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => {
    done(null, undefined)
  })
  for (const id of Object.keys(operations)) if (isOperation(id)) mount(app, id, parts)
  app.setNotFoundHandler((request, reply) => notFound(request, reply, parts))
  app.setErrorHandler((error, request, reply) => fail(request, reply, asFault(error), parts))
  return app
}

function isOperation(id: string): id is OperationId {
  return Object.hasOwn(operations, id)
}

/** Which client certificates are good is not for an authority to say: they are registered one by one. */
function listenerOf(tls: ServerParts['tls'], handler: RequestListener): Server {
  const options: ServerOptions = {
    maxHeaderSize: MAX_HEADER_BYTES,
    // above the idle time of any load balancer or middleware, so that they close first
    keepAliveTimeout: 95_000,
    headersTimeout: 100_000,
  }
  if (!tls) return createHttpServer(options, handler)
  const ask = { requestCert: true, rejectUnauthorized: false, minVersion: 'TLSv1.2' } as const
  return createHttpsServer({ ...options, ...tls, ...ask }, handler)
}

/** Deny by default: what nobody decided about is not there. HEAD goes with its GET. */
function assertAccessRule({ method, url, config }: RouteOptions): void {
  if (config?.access === undefined) throw new Error(`The route ${[method].join()} ${url} has no access rule.`)
}

function mount(app: FastifyInstance, id: OperationId, parts: ServerParts): void {
  const operation = operations[id]
  const reader = new ParameterReader(operation)
  app.route({
    method: operation.method,
    url: routeOf(operation.path),
    config: { access: operation.access },
    handler: async (request, reply) => {
      const requestId = idOf(request)
      reply.header('x-request-id', requestId)
      const echo = request.headers['x-client-request-id']
      if (typeof echo === 'string' && /^[\x21-\x7e]{1,128}$/.test(echo))
        reply.header('x-client-request-id', echo)
      let caller: Caller | undefined
      try {
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
      }
    },
  })
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
    baseUrl: baseUrlOf(request, parts),
    signal: gone.signal,
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
  reply.header('x-request-id', idOf(request))
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

function fail(request: FastifyRequest, reply: FastifyReply, fault: Fault, parts: ServerParts): FastifyReply {
  const occurrence = { id: idOf(request), path: pathOf(request), baseUrl: baseUrlOf(request, parts) }
  const challenges = challengesOf(fault)
  if (challenges.length > 0) reply.header('www-authenticate', challenges)
  return sendProblem(reply, problemOf(fault, occurrence), request.headers.accept)
}

const ids = new WeakMap<FastifyRequest, string>()

function idOf(request: FastifyRequest): string {
  let id = ids.get(request)
  if (id === undefined) ids.set(request, (id = `req_${randomBytes(8).toString('hex')}`))
  return id
}

function baseUrlOf(request: FastifyRequest, { baseUrl }: ServerParts): string {
  if (baseUrl !== undefined) return baseUrl
  // the Host header is the client's own claim: never a link to elsewhere
  const { localAddress = '127.0.0.1', localPort = 80 } = request.socket
  const host = localAddress.includes(':') ? `[${localAddress}]` : localAddress
  return `${request.protocol}://${host}:${String(localPort)}`
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
