import http from 'node:http'
import https from 'node:https'
import type { Socket } from 'node:net'
import net from 'node:net'
import tls from 'node:tls'
import { isError, joinHeaders } from './engine'
import { credentialsOf, portOf } from './proxy'

const PATIENCE_MS = 5_000

export interface TunnelAnswer {
  status: number
  headers: Record<string, string>
  socket: Socket
}

/** Asks the proxy for a tunnel to the host of `url` and hands over its answer, or the error that came instead. */
export function tunnelAnswer(proxy: URL, url: URL): Promise<TunnelAnswer | Error> {
  return new Promise((resolve) => {
    const target = `${url.hostname}:${String(portOf(url))}`
    const login = credentialsOf(proxy)
    const basic = login && Buffer.from(`${login.username}:${login.password}`).toString('base64')
    const request = (proxy.protocol === 'https:' ? https : http).request({
      method: 'CONNECT',
      host: proxy.hostname,
      port: portOf(proxy),
      path: target,
      headers: { host: target, ...(basic === undefined ? {} : { 'proxy-authorization': `Basic ${basic}` }) },
      timeout: PATIENCE_MS,
      agent: false,
    })
    request.once('connect', (answer, socket) => {
      const headers = joinHeaders(Object.entries(answer.headers))
      if (answer.statusCode !== 200) socket.destroy()
      resolve({ status: answer.statusCode ?? 0, headers, socket })
    })
    request.once('timeout', () => request.destroy(new Error('the proxy does not answer')))
    request.once('error', resolve)
    request.end()
  })
}

export interface CertificateFacts {
  certSubject: string
  certIssuer: string
  certNames: string
  certExpires: string
}

/**
 * The certificate that answers for the host of `url`, trusted or not: to name its issuer. Nothing is sent over this
 * connection.
 */
export async function certificateOf(url: URL, proxy: URL | undefined): Promise<CertificateFacts | undefined> {
  const tunnel = proxy === undefined ? undefined : await tunnelAnswer(proxy, url)
  if (isError(tunnel) || (tunnel !== undefined && tunnel.status !== 200)) return undefined
  return new Promise((resolve) => {
    const socket = tls.connect({
      ...(tunnel === undefined ? { host: url.hostname, port: portOf(url) } : { socket: tunnel.socket }),
      ...(net.isIP(url.hostname) === 0 ? { servername: url.hostname } : {}),
      rejectUnauthorized: false,
      timeout: PATIENCE_MS,
    })
    const finish = (facts?: CertificateFacts) => {
      socket.destroy()
      resolve(facts)
    }
    socket.once('secureConnect', () => {
      finish(factsOf(socket.getPeerCertificate()))
    })
    socket.once('timeout', () => {
      finish()
    })
    socket.once('error', () => {
      finish()
    })
  })
}

export function factsOf(certificate: Partial<tls.PeerCertificate>): CertificateFacts | undefined {
  const { subject, issuer, valid_to: expires, subjectaltname: names } = certificate
  if (subject === undefined || issuer === undefined || expires === undefined) return undefined
  return {
    certSubject: nameOf(subject),
    certIssuer: nameOf(issuer),
    certNames: names ?? '',
    certExpires: new Date(expires).toISOString(),
  }
}

function nameOf({ CN, O, OU }: Partial<tls.Certificate>): string {
  return [CN, O, OU].flat().find((name) => name !== undefined && name !== '') ?? '?'
}
