import { createServer } from 'node:http'
import { portOf } from '../lib/port'

/** The source and the target of the HTTP bench in one process: pages and batches of JSON, each answer after `latency` ms. */
const PAGE = 1000

function main(rows: number, latencyMs: number): void {
  const total = Math.ceil(rows / PAGE)
  const pages = Array.from({ length: total }, (_, page) =>
    Buffer.from(JSON.stringify(pageOf(page, rows, total))),
  )
  let received = 0
  const server = createServer((request, response) => {
    const answer = (body: string | Buffer): void => {
      setTimeout(() => {
        response.writeHead(200, {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        })
        response.end(body)
      }, latencyMs)
    }
    const url = new URL(request.url ?? '/', 'http://localhost')
    if (request.method === 'GET' && url.pathname === '/received') {
      answer(JSON.stringify({ received }))
      received = 0
    } else if (request.method === 'GET') {
      request.resume()
      answer(pages[Number(url.searchParams.get('page')) - 1] ?? '{"items":[]}')
    } else {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const records: unknown = JSON.parse(Buffer.concat(chunks).toString())
        received += Array.isArray(records) ? records.length : 0
        answer('{"ok":true}')
      })
    }
  })
  server.keepAliveTimeout = 60_000
  server.listen(0, '127.0.0.1', () => {
    console.log(`http://127.0.0.1:${portOf(server)}`)
  })
}

function pageOf(page: number, rows: number, pages: number): unknown {
  const length = Math.min(PAGE, rows - page * PAGE)
  const items = Array.from({ length }, (_, i) => record(page * PAGE + i))
  return { items, page: page + 1, pages, total: rows }
}

function record(row: number): unknown {
  const noise = Math.imul(row + 1, 0x9e3779b1) >>> 0
  return {
    sku: `SKU-${String(row).padStart(7, '0')}`,
    location: `WH-${String(row % 50).padStart(3, '0')}`,
    category: 'Beverage',
    quantity: noise % 10_000,
    unit_cost: (((noise >>> 7) % 500_000) / 100).toFixed(2),
    currency: 'EUR',
    updated_at: new Date(Date.UTC(2026, 0, 1) + (noise % 25_000_000) * 1000).toISOString(),
    status: 'active',
  }
}

const [rows = '50000', latency = '20'] = process.argv.slice(2)
main(Number(rows), Number(latency))
