import http from 'node:http'
import { portOf } from '../../../bench/lib/port'

export interface Asked {
  method: string
  url: URL
  headers: http.IncomingHttpHeaders
  body: Buffer
}

export interface Answered {
  status?: number
  /** Content type; application/xml where nothing is said. */
  type?: string
  body: string | Buffer
}

export interface PlainServer {
  url: string
  readonly asked: readonly Asked[]
  close(): Promise<void>
}

/** A real HTTP server that answers what a test writes out. */
export async function startPlainServer(answer: (asked: Asked) => Answered): Promise<PlainServer> {
  const asked: Asked[] = []
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method = 'GET', url = '/', headers } = request
      const one = { method, url: new URL(url, 'http://service'), headers, body: Buffer.concat(chunks) }
      asked.push(one)
      const { status = 200, type = 'application/xml', body } = answer(one)
      response.writeHead(status, { 'content-type': type }).end(body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://localhost:${portOf(server)}`,
    asked,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
