import type { Socket } from 'node:net'
import fastify, { type FastifyInstance, type RouteOptions } from 'fastify'
import { operations, type Operation, type OperationId } from '../shared/contract/operations'
import { drain, MAX_PARAMETER, pathAndMethodOf, unacceptable } from './http/arrived'
import { answerUnread, createListener } from './http/listener'
import { baseUrlOf, fail, mark, notFound, routerFault } from './http/refuse'
import { ParameterReader } from './parameters'
import { routeOf } from './routes'
import { serve, type ServeParts } from './serve'
import { asFault } from './unexpected'

export interface ServerParts extends Omit<ServeParts, 'crowd'> {
  /** Certificate and key in PEM; a client may show a certificate of its own. Absent: plain HTTP. */
  tls?: { cert: string; key: string } | undefined
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Operation['access']
  }
}

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

/** The work is done before Fastify looks at the body, which is not for it: operations take any type and read it themselves. */
function mount(app: FastifyInstance, id: OperationId, parts: ServeParts): void {
  const operation = operations[id]
  const reader = new ParameterReader(operation)
  app.route({
    method: operation.method,
    url: routeOf(operation.path),
    config: { access: operation.access },
    onRequest: async (request, reply) => {
      await serve(id, reader, request, reply, parts)
      // the client went before the end of its answer: Fastify is to leave it at that
      if (!reply.sent) reply.hijack()
    },
    handler: () => {
      throw new TypeError(`${id} was answered before.`)
    },
  })
}
