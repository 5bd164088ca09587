import { pipeline, Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import type { FastifyReply } from 'fastify'
import type { Answer } from './call'
import { breakOff } from './http/connections'
import type { Problem } from './problem'

/** Smaller answers are not worth packing. */
const PACKED_FROM = 1024

/** Sends the answer of a handler; packed with gzip where the client takes it and nothing asks for byte ranges. */
export function sendAnswer(reply: FastifyReply, answer: Answer): FastifyReply {
  reply.code(answer.status).headers(answer.headers ?? {})
  const { content } = answer
  if (!content) return reply.send()
  if ('json' in content) {
    reply.type('application/json; charset=utf-8')
    return sendBytes(reply, Buffer.from(JSON.stringify(content.json)))
  }
  reply.type(content.mediaType)
  if (content.bytes instanceof Uint8Array) return sendBytes(reply, Buffer.from(content.bytes))
  if (content.length !== undefined) reply.header('content-length', content.length)
  return sendStream(reply, Readable.from(content.bytes, { objectMode: false }), content.length === undefined)
}

/** In the form that the client asks for; JSON when it does not matter to it. */
export function sendProblem(reply: FastifyReply, problem: Problem, accept: string | undefined): FastifyReply {
  reply.code(problem.status).header('cache-control', 'no-store')
  if (problem.retryAfterSeconds !== undefined) reply.header('retry-after', problem.retryAfterSeconds)
  const form = formOf(accept ?? '')
  if (form === 'text') return reply.type('text/plain; charset=utf-8').send(problemText(problem))
  if (form === 'xml') return reply.type('application/problem+xml; charset=utf-8').send(problemXml(problem))
  return reply.type('application/problem+json; charset=utf-8').send(JSON.stringify(problem))
}

function sendBytes(reply: FastifyReply, bytes: Buffer): FastifyReply {
  if (bytes.length < PACKED_FROM || !takesGzip(reply.request.headers)) return reply.send(bytes)
  return sendStream(reply, Readable.from([bytes]), true)
}

function sendStream(reply: FastifyReply, stream: Readable, mayPack: boolean): FastifyReply {
  reply.header('vary', 'accept-encoding')
  const { socket, httpVersion } = reply.request.raw
  if (httpVersion === '1.0')
    stream.once('error', () => {
      breakOff(socket)
    })
  if (!mayPack || !takesGzip(reply.request.headers)) return reply.send(stream)
  reply.header('content-encoding', 'gzip')
  const packed = createGzip({ level: 5 })
  // whichever of both ends early takes the other with it
  return reply.send(pipeline(stream, packed, () => undefined))
}

/** Whether an answer that is a stream is packed: never one that byte ranges were asked of. */
export function takesGzip(headers: { range?: string | undefined; 'accept-encoding'?: unknown }): boolean {
  if (headers.range !== undefined) return false
  const accepted = [headers['accept-encoding']].join()
  const gzip = /(?:^|,)\s*(?:x-)?gzip\s*(?:;\s*q=([\d.]+))?\s*(?=,|$)/i.exec(accepted)
  return gzip !== null && Number(gzip[1] ?? 1) > 0
}

/** Old clients that name only text or XML get that. */
function formOf(accept: string): 'json' | 'text' | 'xml' {
  const types = accept.toLowerCase()
  if (types === '' || /json|\*\/\*/.test(types)) return 'json'
  if (/xml/.test(types) && !/html/.test(types)) return 'xml'
  return /text\/plain/.test(types) ? 'text' : 'json'
}

function problemText(problem: Problem): string {
  const lines = [
    `${problem.code} (${String(problem.number)}): ${problem.title}`,
    problem.detail,
    ...(problem.errors ?? []).map(
      ({ detail, pointer, parameter }) => `- ${parameter ?? pointer ?? ''} ${detail}`,
    ),
    ...problem.steps.map((step) => `${step.who}: ${step.do} Verify: ${step.verify}`),
    `Request ${problem.requestId}; more at ${problem.docs}`,
  ]
  return `${lines.join('\n')}\n`
}

/** RFC 9457 appendix B. */
function problemXml(problem: Problem): string {
  const element = (name: string, value: unknown): string => {
    if (value === undefined || value === null) return ''
    if (Array.isArray(value)) return `<${name}>${value.map((item) => element('i', item)).join('')}</${name}>`
    if (typeof value === 'object')
      return `<${name}>${Object.entries(value)
        .map(([key, inner]) => element(key, inner))
        .join('')}</${name}>`
    return `<${name}>${escapeXml(typeof value === 'string' ? value : JSON.stringify(value))}</${name}>`
  }
  const members = Object.entries(problem)
    .map(([name, value]) => element(name, value))
    .join('')
  return `<?xml version="1.0" encoding="UTF-8"?>\n<problem xmlns="urn:ietf:rfc:7807">${members}</problem>\n`
}

function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD]/g, '\uFFFD')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
}
