import type { Server, Socket } from 'node:net'
import { TLSSocket } from 'node:tls'

/**
 * HTTP/1.0, which proxies speak until today, knows the end of an answer by the end of its connection: an answer that
 * breaks off must not end it as one that is whole does. TLS tells by itself.
 */
export function breakOff(socket: Socket): void {
  if (socket instanceof TLSSocket) socket.destroy()
  else socket.resetAndDestroy()
}

const OPEN = new WeakMap<Server, Set<Socket>>()

/** Keeps which connections a server has, for its end. */
export function noteConnections(server: Server): void {
  const open = new Set<Socket>()
  OPEN.set(server, open)
  server.on('connection', (socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
}

/** Ends those that are left, with whatever is being answered on them. */
export function breakOffAll(server: Server): void {
  for (const socket of OPEN.get(server) ?? []) breakOff(socket)
}
