import http from 'node:http'
import https from 'node:https'
import { createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { portOf } from '../../../bench/lib/port'

export interface Running {
  port: number
  close(): Promise<void>
}

/** What a server can do on the wire, by path. */
const routes: Record<string, (request: http.IncomingMessage, response: http.ServerResponse) => unknown> = {
  '/echo': (request, response) => {
    response.setHeader('x-method', request.method ?? '')
    response.setHeader('x-proxied', request.headers.via ?? '')
    request.pipe(response)
  },
  '/busy': (_, response) =>
    response.writeHead(503, { 'retry-after': '7', 'set-cookie': ['a=1', 'b=2'] }).end('busy'),
  '/gzip': (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('packed')),
  '/br': (_, response) =>
    response.writeHead(200, { 'content-encoding': 'br' }).end(brotliCompressSync('packed')),
  '/deflate': (_, response) =>
    response.writeHead(200, { 'content-encoding': 'deflate' }).end(deflateSync('packed')),
  '/not-gzip': (_, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end('this is not packed'),
  // 257 MiB of zeros: gzip members may follow each other (RFC 1952, 2.2)
  '/bomb': (_, response) => {
    const packed = gzipSync(Buffer.alloc(1024 * 1024))
    response.writeHead(200, { 'content-encoding': 'gzip' })
    response.end(Buffer.concat(Array.from({ length: 257 }, () => packed)))
  },
  '/moved': (_, response) => response.writeHead(302, { location: '/echo' }).end(),
  '/away': (_, response) => response.writeHead(302, { location: 'http://other.example/login' }).end(),
  '/circle': (_, response) => response.writeHead(302, { location: '/circle' }).end(),
  '/silent': () => undefined,
  '/reset': (request) => request.socket.resetAndDestroy(),
  '/close': (request) => request.socket.destroy(),
  '/cut': async (request, response) => {
    response.writeHead(200, { 'content-length': '1000' })
    response.write('x'.repeat(500))
    await sleep(20)
    request.socket.destroy()
  },
  '/cut-chunked': async (request, response) => {
    response.writeHead(200)
    response.write('x'.repeat(500))
    await sleep(20)
    request.socket.destroy()
  },
  '/stalls': (_, response) => {
    response.writeHead(200)
    response.write('x')
  },
  '/drips': async (_, response) => {
    for (let part = 0; part < 6; part++) {
      response.write('x')
      await sleep(150)
    }
    response.end()
  },
}

export async function startWire(tls?: https.ServerOptions): Promise<Running & { sockets: Set<Socket> }> {
  const listener: http.RequestListener = (request, response) => {
    const route = routes[new URL(request.url ?? '/', 'http://x').pathname]
    if (route === undefined) response.writeHead(404).end()
    else route(request, response)
  }
  const server = tls === undefined ? http.createServer(listener) : https.createServer(tls, listener)
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => sockets.add(socket))
  return { ...(await listen(server, sockets)), sockets }
}

/** A server that writes these bytes to whoever connects, or says nothing at all. */
export async function startRaw(answer?: string): Promise<Running> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    if (answer !== undefined) socket.once('data', () => socket.end(answer))
  })
  return await listen(server, sockets)
}

async function listen(server: Server, sockets: ReadonlySet<Socket>): Promise<Running> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: portOf(server),
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
