import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'

export interface RawAnswer {
  status: number
  /** In lower case. */
  headers: Readonly<Record<string, string>>
  body: string
  /** Whatever came after it. */
  rest: string
}

interface RawOptions {
  tls?: boolean
  /** Sent one after the other, this far apart. */
  everyMs?: number
  /** How long to wait for more before it is taken as all. */
  patienceMs?: number
}

/** Sends bytes as they are and reads until the other side closes, or has said nothing for a while. */
export function sendRaw(
  url: string,
  pieces: string | Buffer | (string | Buffer)[],
  { tls = false, everyMs = 0, patienceMs = 150 }: RawOptions = {},
): Promise<RawAnswer> {
  const { hostname, port } = new URL(url)
  const all = [pieces].flat()
  return new Promise((resolve, reject) => {
    const socket = tls
      ? connectTls({ host: hostname, port: Number(port), rejectUnauthorized: false })
      : connect(Number(port), hostname)
    const answer: Buffer[] = []
    const finish = (): void => {
      clearInterval(timer)
      socket.destroy()
      resolve(parsed(Buffer.concat(answer).toString('latin1')))
    }
    const next = (): void => {
      const piece = all.shift()
      if (piece === undefined) clearInterval(timer)
      else socket.write(piece, () => undefined)
    }
    const timer = setInterval(next, everyMs)
    socket.once(tls ? 'secureConnect' : 'connect', next)
    socket.on('data', (chunk: Buffer) => {
      answer.push(chunk)
      socket.setTimeout(patienceMs, finish)
    })
    socket.setTimeout(10_000, finish)
    socket.once('close', finish)
    socket.on('error', (error: Error) => {
      if (answer.length === 0) reject(error)
    })
  })
}

/** The first answer; body by its length or its chunks. */
function parsed(text: string): RawAnswer {
  const from = text.replace(/^(HTTP\/1\.1 1\d\d [^\r]*\r\n\r\n)+/, '')
  const end = from.indexOf('\r\n\r\n')
  const [line = '', ...lines] = from.slice(0, end).split('\r\n')
  const headers: Record<string, string> = {}
  for (const header of lines) {
    const colon = header.indexOf(':')
    headers[header.slice(0, colon).toLowerCase()] = header.slice(colon + 1).trim()
  }
  const after = from.slice(end + 4)
  const { body, length } =
    headers['transfer-encoding'] === 'chunked' ? unchunked(after) : plain(after, headers['content-length'])
  return {
    status: Number(line.split(' ')[1] ?? 0),
    headers,
    body: Buffer.from(body, 'latin1').toString('utf8'),
    rest: after.slice(length),
  }
}

function plain(text: string, contentLength: string | undefined): { body: string; length: number } {
  const length = contentLength === undefined ? text.length : Number(contentLength)
  return { body: text.slice(0, length), length }
}

function unchunked(text: string): { body: string; length: number } {
  let body = ''
  let at = 0
  for (;;) {
    const end = text.indexOf('\r\n', at)
    const size = parseInt(text.slice(at, end), 16)
    if (end < 0 || Number.isNaN(size)) return { body, length: text.length }
    if (size === 0) return { body, length: end + 4 }
    body += text.slice(end + 2, end + 2 + size)
    at = end + 2 + size + 2
  }
}
